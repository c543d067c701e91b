import type { Kysely } from 'kysely';
import type { Core } from '../../core.ts';
import type { Occasion } from '../../inbox/event-hooks.ts';
import type { Settlement } from '../../inbox/settle.ts';
import type { Schema, StoredEvent } from '../../store/schema.ts';
import { UNSETTLED } from '../../store/tables/account-events.ts';
import { isActivity, parseEvent, readCustomer, type MessageEvent } from '../../zendesk/events.ts';
import { isHidden } from '../shared/words.ts';
import { findFirst, listOthers, nameFirst, storeBurst } from './stored.ts';

/** A customer who never stops typing is answered after so many times `waitForMore`. */
const LONGEST = 5;
/** Messages answered together. */
const MOST = 50;
/** An event of a conversation that was merged may overtake the one it is answered with. */
const LOOK_AGAIN_MS = 5_000;

/**
 * The messages that the customer sent right after this one are answered with it, as `waitForMore` says.
 * Which ones is decided once and stored before the handler runs: the replies are numbered under the id of
 * the first, so each attempt has to be about the same. Returns a settlement while more may come.
 */
export async function joinMessages(
  core: Pick<Core, 'bot' | 'database' | 'now'>,
  occasion: Occasion,
): Promise<Occasion | Settlement> {
  const { event, parsed } = occasion;
  const { bot, now } = core;
  const { kysely } = core.database;
  const wait = bot.waitForMore ?? 0;
  const mayBegin = wait > 0 && event.attempts === 1;
  if (!isMessage(parsed) || (!mayBegin && event.attempts === 1)) return occasion;
  const first = await findFirst(kysely, event);
  if (first?.id === event.event_id) return withOthers(occasion, await listOthers(kysely, event));
  if (first !== undefined) {
    const { id, state } = first;
    if (state === 'waiting' || state === 'working') return postpone(event, now() + LOOK_AGAIN_MS);
    if (state === 'done' || state === 'ignored') return { event, state, note: nameFirst(id) };
  }
  if (first !== undefined || !mayBegin) return occasion;
  return await kysely.transaction().execute(async (transaction) => {
    const { following, isClosed } = await findFollowing(transaction, event, parsed, wait);
    const last = following.at(-1) ?? event;
    const due = Math.min(last.received_at + wait, event.received_at + LONGEST * wait);
    if (!isClosed && now() < due) return postpone(event, due);
    if (following.length > 0) await storeBurst(transaction, event, following);
    return withOthers(occasion, following);
  });
}

type Parsed = Occasion['parsed'];

/** Whether the customer himself said something that is there to be answered. */
function isMessage(parsed: Parsed): parsed is MessageEvent {
  if (parsed.type !== 'conversation:message') return false;
  const { message } = parsed.payload;
  return (
    message.author.type === 'user' && !message.deleted && !isActivity(message) && !isHidden(message)
  );
}

/** As if it had not been taken: an attempt that is counted would make us look for what it has sent. */
function postpone(event: StoredEvent, runAt: number): Settlement {
  async function uncount(transaction: Kysely<Schema>): Promise<void> {
    const one = transaction.updateTable('events').where('seq', '=', event.seq);
    await one.set({ attempts: event.attempts - 1 }).execute();
  }
  return { event, state: 'waiting', note: null, runAt, writes: [uncount] };
}

function parse({ payload }: StoredEvent): MessageEvent | undefined {
  const parsed = parseEvent(JSON.parse(payload ?? 'null'));
  return parsed?.type === 'conversation:message' ? parsed : undefined;
}

/** `isClosed`: something else came after them, so no more will be joined. */
async function findFollowing(
  transaction: Kysely<Schema>,
  event: StoredEvent,
  parsed: MessageEvent,
  wait: number,
): Promise<{ following: StoredEvent[]; isClosed: boolean }> {
  const rows = await transaction
    .selectFrom('events')
    .leftJoin('burst_messages as message', (join) =>
      join
        .onRef('message.installation_id', '=', 'events.installation_id')
        .onRef('message.event_id', '=', 'events.event_id'),
    )
    .selectAll('events')
    .select('message.first_id')
    .where('conversation_key', '=', event.conversation_key)
    .where(UNSETTLED)
    .where('seq', '>', event.seq)
    .orderBy('seq')
    .limit(MOST)
    .execute();
  const customerId = readCustomer(parsed)?.id;
  const following: StoredEvent[] = [];
  for (const row of rows) {
    const said = row.first_id === null ? parse(row) : undefined;
    const isSame = said && isMessage(said) && readCustomer(said)?.id === customerId;
    const { received_at: before } = following.at(-1) ?? event;
    const isNear =
      row.received_at - before <= wait && row.received_at - event.received_at <= LONGEST * wait;
    if (!isSame || !isNear) return { following, isClosed: true };
    following.push(row);
  }
  return { following, isClosed: rows.length === MOST };
}

/** The last message is the one that is answered, the ones before it are told beside it. */
function withOthers(occasion: Occasion, others: readonly StoredEvent[]): Occasion {
  const { parsed } = occasion;
  const messages = others.flatMap((row) => parse(row) ?? []);
  const last = messages.pop();
  if (last === undefined || !isMessage(parsed)) return occasion;
  // Where the conversation lives on after a merge is known of the first.
  last.payload.conversation.id = parsed.payload.conversation.id;
  const receivedAt = others.at(-1)?.received_at;
  return { ...occasion, parsed: last, receivedAt, earlier: [parsed, ...messages] };
}
