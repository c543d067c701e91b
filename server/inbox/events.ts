import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Observe } from '../observe.ts';
import type { Database } from '../store/engines/database.ts';
import type { EventState, NewEvent, Schema, StoredEvent } from '../store/schema.ts';
import { insertActivity } from '../store/tables/activity-log.ts';
import { upsertConversation, type ConversationUpsert } from '../store/tables/conversations.ts';
import { replaceNul } from '../text.ts';
import { createAccountPauses } from './account-pauses.ts';
import { createClaim } from './claim.ts';
import { createInsertEvents } from './receive/insert-events.ts';
import { ATTEMPTS_ALLOWED } from './retry.ts';

/** How an attempt ended, and what to remember of it. */
export interface Settlement {
  event: StoredEvent;
  /** `waiting` means again, at `runAt`. */
  state: EventState;
  note: string | null;
  runAt?: number;
  /** Nothing was tried that could have gone well: the event gets another attempt for this one. */
  isUncounted?: boolean;
  activity?: { kind: string; text: string };
  /** What the event says is not to be kept; absent: it is not when the event was left alone. */
  dropPayload?: boolean;
  conversation?: Omit<ConversationUpsert, 'installation_id'>;
  /** What the attempt leaves behind: written only if it is the one that settles the event. */
  writes?: readonly Write[];
}

/** Part of the transaction that settles an event. It may run again when that transaction fails. */
export type Write = (transaction: Kysely<Schema>) => Promise<void>;

export type EventStore = ReturnType<typeof createEventStore>;

/** The durable inbox: one row per event, claimed in order of acknowledgement within a conversation. */
export function createEventStore({
  database,
  now,
  keepIgnored = false,
  waitForMore = () => 0,
  observe,
}: {
  database: Database;
  now: () => number;
  /** Whether what was left alone is kept with what it says; for development. */
  keepIgnored?: boolean;
  /** How long a message waits for others to be answered with it, in milliseconds. */
  waitForMore?: () => number;
  observe: Pick<Observe, 'settle'>;
}) {
  const {
    kysely,
    dialect: { skipLocked },
  } = database;
  const insertRows = createInsertEvents(database);
  const pauses = createAccountPauses({ database, now });

  return {
    /** Inserts in order; rows that are there already (same installation and event id) are dropped. */
    async insert(events: readonly NewEvent[]): Promise<void> {
      const receivedAt = now();
      const [wait, message] = [waitForMore(), 'conversation:message'];
      await insertRows(
        events.map((event) => ({
          ...event,
          attempts_allowed: ATTEMPTS_ALLOWED,
          run_at: event.type === message ? receivedAt + wait : receivedAt,
          received_at: receivedAt,
          settled_at: event.state === 'ignored' ? receivedAt : null,
        })),
      );
    },

    claim: createClaim({ database, pauses, now }),
    pauses,

    /**
     * Makes a job of our own wait in the inbox, so that it survives a restart like any event; one that is
     * over is revived. Asking again while it waits changes nothing.
     */
    async schedule(job: NewEvent): Promise<void> {
      const at = now();
      const fresh = { state: 'waiting', run_at: at, received_at: at, settled_at: null } as const;
      await kysely
        .insertInto('events')
        .values({ ...job, ...fresh, attempts: 0, attempts_allowed: ATTEMPTS_ALLOWED })
        .onConflict((conflict) =>
          conflict
            .columns(['installation_id', 'event_id'])
            .doUpdateSet({ ...fresh, attempts: 0 })
            .where('events.state', 'in', ['done', 'ignored', 'failed'])
            .where('events.type', '=', job.type),
        )
        .execute();
    },

    /**
     * Records how attempts ended, together with what they changed. Nothing is recorded for an attempt
     * whose lease was lost to somebody else in the meantime.
     */
    async settle(settlements: readonly Settlement[]): Promise<void> {
      const at = now();
      const all = settlements.map((settlement) => ({
        ...settlement,
        dropPayload: settlement.dropPayload ?? (settlement.state === 'ignored' && !keepIgnored),
      }));
      await kysely.transaction().execute(async (transaction) => {
        const recorded: Settlement[] = [];
        for (const settlement of all)
          if (await record(transaction, settlement, at)) recorded.push(settlement);
        // In one order wherever it happens: what is written of a customer locks his row.
        for (const { writes = [] } of recorded.toSorted(byCustomer))
          for (const write of writes) await write(transaction);
        await observe.settle(transaction, recorded, at);
      });
      if (settlements.some(({ dropPayload }) => dropPayload === true))
        await database.forgetDeleted();
    },

    /** Passes over rows that are being settled at this moment: waiting for them could be a deadlock. */
    async renew(seqs: readonly number[], owner: string, leaseMs: number): Promise<void> {
      await sql`
        update events set lease_until = ${now() + leaseMs}
        where seq in (
          select seq from events
          where seq in (${sql.join(seqs)}) and lease_owner = ${owner} and state = 'working'
          ${skipLocked}
        )`.execute(kysely);
    },

    /**
     * Gives events back whose holder died: those past their lease, except what we hold ourselves. With
     * `all` every one, for a process that starts and knows that no other is alive.
     */
    async releaseLeases(
      options: { all?: boolean; except?: readonly number[] } = {},
    ): Promise<void> {
      const { all = false, except = [] } = options;
      const expired = all ? sql`true` : sql`lease_until < ${now()}`;
      const others = except.length === 0 ? sql`true` : sql`seq not in (${sql.join(except)})`;
      await releaseEvents(kysely, sql`${expired} and ${others} ${skipLocked}`);
    },
  };
}

/** Gives events back that somebody took who is gone: every one, or those of a condition. */
export async function releaseEvents(
  kysely: Kysely<Schema>,
  condition: RawBuilder<unknown> = sql`true`,
): Promise<void> {
  await sql`
    update events set state = 'waiting', lease_owner = null, lease_until = null
    where seq in (select seq from events where state = 'working' and ${condition})`.execute(kysely);
}

function byCustomer(
  { conversation: one }: Settlement,
  { conversation: other }: Settlement,
): number {
  const [left, right] = [one?.user_id ?? '', other?.user_id ?? ''];
  return left < right ? -1 : Number(left > right);
}

/** Returns false when the lease was lost. */
async function record(
  transaction: Kysely<Schema>,
  settlement: Settlement,
  at: number,
): Promise<boolean> {
  const { event, state, note, runAt, isUncounted, activity, conversation } = settlement;
  const { numUpdatedRows } = await transaction
    .updateTable('events')
    .set({
      state,
      note: note === null ? null : replaceNul(note),
      run_at: runAt ?? event.run_at,
      ...(isUncounted ? { attempts_allowed: sql<number>`attempts_allowed + 1` } : {}),
      lease_owner: null,
      lease_until: null,
      settled_at: state === 'waiting' ? null : at,
      ...(settlement.dropPayload ? { payload: null } : {}),
    })
    .where('seq', '=', event.seq)
    .where('state', '=', sql.lit('working'))
    .where('lease_owner', '=', event.lease_owner)
    .where('attempts', '=', event.attempts)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  const { installation_id, conversation_key } = event;
  if (conversation !== undefined)
    await upsertConversation(transaction, { installation_id, ...conversation });
  if (activity !== undefined)
    await insertActivity(transaction, { installation_id, conversation_key, at, ...activity });
  return true;
}
