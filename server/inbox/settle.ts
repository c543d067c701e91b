import { sql, type Kysely } from 'kysely';
import type { Note, Observe } from '../observe.ts';
import type { EventState, Schema, StoredEvent } from '../store/schema.ts';
import { prepareConversations, type ConversationUpsert } from '../store/tables/conversations.ts';
import { replaceNul } from '../text.ts';
import { headsOf, take, type ClaimDeps, type Lease } from './claim.ts';

/** How an attempt ended, and what to remember of it. */
export interface Settlement {
  event: StoredEvent;
  /** `waiting` means again, at `runAt`. */
  state: EventState;
  note: string | null;
  runAt?: number;
  /** Nothing was tried that could have gone well: the event gets another attempt for this one. */
  isUncounted?: boolean;
  /** What the owners of the account are told of it. */
  activity?: Note;
  /** What the event says is not to be kept; absent: it is not when the event was left alone. */
  dropPayload?: boolean;
  conversation?: Omit<ConversationUpsert, 'installation_id'>;
  /** What the attempt leaves behind: written only if it is the one that settles the event. */
  writes?: readonly Write[];
}

/** Part of the transaction that settles an event. It may run again when that transaction fails. */
export type Write = (transaction: Kysely<Schema>) => Promise<void>;

const GIVEN = {
  seq: 'bigint',
  lease_owner: 'text',
  attempts: 'bigint',
  state: 'text',
  note: 'text',
  run_at: 'bigint',
  settled_at: 'bigint',
  more_attempts: 'bigint',
} as const;

/** Of the events whose lease is still ours; there is one only while an event is under way. */
const RECORD = `
  update events set
    state = given.state, note = given.note, run_at = given.run_at, settled_at = given.settled_at,
    attempts_allowed = attempts_allowed + given.more_attempts,
    lease_owner = null, lease_until = null
  from given
  where events.seq = given.seq
    and events.lease_owner = given.lease_owner and events.attempts = given.attempts
  returning events.seq`;

/** Records how attempts ended, with what they changed; nothing of one whose lease somebody else has by now. */
export function createSettle(
  deps: ClaimDeps & { keepIgnored: boolean; observe: Pick<Observe, 'settle'> },
) {
  const { database, keepIgnored, observe, now } = deps;
  const { kysely, prepareBatch } = database;
  const record = prepareBatch<keyof typeof GIVEN, { seq: number }>({ given: GIVEN, text: RECORD });
  const upsertConversations = prepareConversations(database);

  /** Returns those that were still ours. */
  async function recordAll(
    transaction: Kysely<Schema>,
    settlements: readonly Settlement[],
    at: number,
  ): Promise<Settlement[]> {
    const rows = settlements.map(({ event, state, note, runAt, isUncounted }) => ({
      seq: event.seq,
      lease_owner: event.lease_owner,
      attempts: event.attempts,
      state,
      note: note === null ? null : replaceNul(note),
      run_at: runAt ?? event.run_at,
      settled_at: state === 'waiting' ? null : at,
      more_attempts: isUncounted ? 1 : 0,
    }));
    const ours = new Set((await record(rows, transaction)).map(({ seq }) => seq));
    return settlements.filter(({ event }) => ours.has(event.seq));
  }

  /** `next`: who goes on with which conversations. Returns what was claimed of them in the same transaction. */
  return async function settle(
    settlements: readonly Settlement[],
    next?: Lease & { conversationKeys: readonly string[] },
  ): Promise<StoredEvent[]> {
    const at = now();
    const all = settlements
      .map((settlement) => ({
        ...settlement,
        dropPayload: settlement.dropPayload ?? (settlement.state === 'ignored' && !keepIgnored),
      }))
      // In one order wherever it happens: what is written of a customer locks his row.
      .toSorted(byCustomer);
    const claimed = await kysely.transaction().execute(async (transaction) => {
      const recorded = await recordAll(transaction, all, at);
      const conversations = recorded.flatMap(({ event, conversation }) =>
        conversation ? [{ installation_id: event.installation_id, ...conversation }] : [],
      );
      if (conversations.length > 0) await upsertConversations(conversations, transaction);
      const dropped = recorded.filter(({ dropPayload }) => dropPayload);
      if (dropped.length > 0) {
        const seqs = sql.join(dropped.map(({ event }) => event.seq));
        await sql`update events set payload = null where seq in (${seqs})`.execute(transaction);
      }
      for (const { writes = [] } of recorded) for (const write of writes) await write(transaction);
      await observe.settle(transaction, recorded, at);
      // In the same transaction, so that nobody has to look for it.
      if (next === undefined || next.conversationKeys.length === 0) return [];
      return await take(deps, transaction, headsOf(next.conversationKeys), next);
    });
    if (settlements.some(({ dropPayload }) => dropPayload === true)) await database.forgetDeleted();
    return claimed;
  };
}

function byCustomer(
  { conversation: one }: Settlement,
  { conversation: other }: Settlement,
): number {
  const [left, right] = [one?.user_id ?? '', other?.user_id ?? ''];
  return left < right ? -1 : Number(left > right);
}
