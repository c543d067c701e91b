import { sql, type Kysely } from 'kysely';
import type { Core } from '../core.ts';
import { isHidden } from '../runtime/messages/incoming.ts';
import type { Schema, StoredEvent } from '../store/schema.ts';
import { isActivity, parseEvent, readCustomer, type MessageEvent } from '../zendesk/events.ts';
import type { Occasion } from './converse.ts';
import type { Settlement } from './settle.ts';

/** A customer who never stops typing is answered after so many times `waitForMore`. */
const LONGEST = 5;
/** Messages answered together. */
const MOST = 50;
/** An event of a conversation that was merged may overtake the one it is answered with. */
const LOOK_AGAIN_MS = 5_000;
const IS_UNSETTLED = sql<boolean>`state in ('waiting', 'working')`;

type JoinDeps = Pick<Core, 'bot' | 'database' | 'now'>;

/**
 * The messages that the customer sent right after this one are answered with it, as `waitForMore` says.
 * Which ones is decided once and stored before the handler runs: the replies are numbered under the id of
 * the first, so each attempt has to be about the same. Returns a settlement while more may come.
 */
export async function joinMessages(
  deps: JoinDeps,
  occasion: Occasion,
): Promise<Occasion | Settlement> {
  const { event, parsed } = occasion;
  const { joined_to: joinedTo, event_id: id } = event;
  if (joinedTo === id) return withJoined(occasion, await findJoined(deps, event));
  if (joinedTo !== null) {
    const state = await findState(deps, event.installation_id, joinedTo);
    if (state === 'waiting' || state === 'working')
      return postpone(event, deps.now() + LOOK_AGAIN_MS);
    if (state === 'done' || state === 'ignored') return { event, state, note: nameFirst(joinedTo) };
  }
  const wait = deps.bot.waitForMore ?? 0;
  const isFirst = event.attempts === 1 && joinedTo === null;
  if (wait === 0 || !isFirst || !isMessage(parsed)) return occasion;
  return await deps.database.kysely.transaction().execute(async (transaction) => {
    const { following, isClosed } = await findFollowing(transaction, event, parsed, wait);
    const last = following.at(-1) ?? event;
    const due = Math.min(last.received_at + wait, event.received_at + LONGEST * wait);
    if (!isClosed && deps.now() < due) return postpone(event, due);
    if (following.length > 0) await store(transaction, event, following);
    return withJoined(occasion, following);
  });
}

/** What is answered with an event is settled with it, in the same transaction. */
export function settleTogether(
  settlement: Settlement,
  joined: readonly StoredEvent[] | undefined,
  now: () => number,
): Settlement {
  const { event, state, writes = [] } = settlement;
  if (!joined || joined.length === 0 || state === 'waiting') return settlement;
  async function settleJoined(transaction: Kysely<Schema>): Promise<void> {
    await transaction
      .updateTable('events')
      .set({
        state,
        note: nameFirst(event.event_id),
        settled_at: now(),
        attempts: sql<number>`attempts + 1`,
        lease_owner: null,
        lease_until: null,
        ...(state === 'ignored' || settlement.dropPayload ? { payload: null } : {}),
      })
      .where('seq', 'in', joined?.map(({ seq }) => seq) ?? [])
      .where('joined_to', '=', event.event_id)
      // After a merge it may be under way itself, only to find that it has to wait for this one.
      .where('state', 'in', ['waiting', 'working', 'failed'])
      .execute();
  }
  return { ...settlement, writes: [...writes, settleJoined] };
}

const nameFirst = (eventId: string) => `Together with event ${eventId}.`;

type Parsed = Occasion['parsed'];

/** Whether the customer himself said something that is there to be answered. */
function isMessage(parsed: Parsed): parsed is MessageEvent {
  if ('answer' in parsed || parsed.type !== 'conversation:message') return false;
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
    .selectAll()
    .where('conversation_key', '=', event.conversation_key)
    .where(IS_UNSETTLED)
    .where('seq', '>', event.seq)
    .orderBy('seq')
    .limit(MOST)
    .execute();
  const customerId = readCustomer(parsed)?.id;
  const following: StoredEvent[] = [];
  for (const row of rows) {
    const said = row.joined_to === null ? parse(row) : undefined;
    const isSame = said && isMessage(said) && readCustomer(said)?.id === customerId;
    const { received_at: before } = following.at(-1) ?? event;
    const isNear =
      row.received_at - before <= wait && row.received_at - event.received_at <= LONGEST * wait;
    if (!isSame || !isNear) return { following, isClosed: true };
    following.push(row);
  }
  return { following, isClosed: rows.length === MOST };
}

async function store(
  transaction: Kysely<Schema>,
  event: StoredEvent,
  following: readonly StoredEvent[],
): Promise<void> {
  const { event_id: id, seq, attempts, lease_owner: owner } = event;
  const join = () => transaction.updateTable('events').set({ joined_to: id });
  const first = await join()
    .where('seq', '=', seq)
    .where('attempts', '=', attempts)
    .where('lease_owner', '=', owner)
    .executeTakeFirst();
  const others = await join()
    .where(
      'seq',
      'in',
      following.map((one) => one.seq),
    )
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  if (first.numUpdatedRows + others.numUpdatedRows !== BigInt(following.length + 1))
    throw new Error('The messages to be answered together have changed meanwhile.');
}

async function findJoined({ database }: JoinDeps, event: StoredEvent): Promise<StoredEvent[]> {
  return await database.kysely
    .selectFrom('events')
    .selectAll()
    .where('installation_id', '=', event.installation_id)
    .where('joined_to', '=', event.event_id)
    .where('seq', '!=', event.seq)
    .where('state', 'in', ['waiting', 'failed'])
    .orderBy('seq')
    .execute();
}

async function findState(
  { database }: JoinDeps,
  installationId: string,
  eventId: string,
): Promise<StoredEvent['state'] | undefined> {
  const row = await database.kysely
    .selectFrom('events')
    .select('state')
    .where('installation_id', '=', installationId)
    .where('event_id', '=', eventId)
    .executeTakeFirst();
  return row?.state;
}

/** The last message is the one that is answered, the ones before it are told beside it. */
function withJoined(occasion: Occasion, joined: readonly StoredEvent[]): Occasion {
  const { parsed } = occasion;
  const messages = joined.flatMap((row) => parse(row) ?? []);
  const last = messages.pop();
  if (last === undefined || !isMessage(parsed)) return occasion;
  // Where the conversation lives on after a merge is known of the first.
  last.payload.conversation.id = parsed.payload.conversation.id;
  return { ...occasion, parsed: last, earlier: [parsed, ...messages], joined };
}
