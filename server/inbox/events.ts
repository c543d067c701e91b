import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Observe } from '../observe.ts';
import { leaseEnd, sharedTime, type StoreDeps } from '../store/engines/database.ts';
import type { NewEvent, Schema, StoredEvent } from '../store/schema.ts';
import { createClaim, type ClaimDeps, type Lease } from './claim.ts';
import { createInsertEvents } from './receive/insert-events.ts';
import { ATTEMPTS_ALLOWED, PAUSES_MS } from './retry.ts';
import { createSettle } from './settle.ts';

/** In milliseconds; none after the first attempt of a round, nor after the last, when there is only to be told. */
const PAUSE_AFTER_DEATH = sql<number>`case attempts - attempts_allowed + ${sql.lit(ATTEMPTS_ALLOWED)} ${sql.join(
  PAUSES_MS.slice(0, -1).map((ms, n) => sql`when ${sql.lit(n + 2)} then ${sql.lit(ms)}`),
  sql` `,
)} else 0 end`;

/** For events that can be handled as soon as they are stored. */
interface ArrivalLease extends Lease {
  /** Asked of each that could be; false: it waits. */
  admit: (event: NewEvent) => boolean;
}

export type EventStore = ReturnType<typeof createEventStore>;

/** The durable inbox: one row per event, claimed in order of acknowledgement within a conversation. */
export function createEventStore({
  database,
  now,
  keepIgnored = false,
  delay = () => 0,
  mayBegin: conditions = [],
  knows,
  observe,
}: StoreDeps & {
  /** Whether what was left alone is kept with what it says; for development. */
  keepIgnored?: boolean;
  /** How long an event waits before it is handled, in milliseconds. */
  delay?: (event: NewEvent) => number;
  /** Whether an event may be begun, as SQL about a row `head`: all of these. */
  mayBegin?: readonly RawBuilder<boolean>[];
  knows?: ClaimDeps['knows'];
  observe: Pick<Observe, 'settle'>;
}) {
  const { kysely, dialect } = database;
  const mayBegin = sql<boolean>`${sql.join([sql`true`, ...conditions], sql` and `)}`;
  const insertRows = createInsertEvents(database, mayBegin);

  return {
    /**
     * Inserts in order; rows that are there already (same installation and event id) are dropped. With a
     * lease the first of each conversation that has nothing else to do is claimed at once, and returned.
     */
    async insert(events: readonly NewEvent[], lease?: ArrivalLease): Promise<StoredEvent[]> {
      const receivedAt = now();
      const lanes = new Set<string>();
      return await insertRows(
        events.map((event) => {
          const { state, conversation_key: lane } = event;
          const runAt = receivedAt + delay(event);
          const isFirst = state === 'waiting' && !lanes.has(lane);
          if (isFirst) lanes.add(lane);
          const claimed = isFirst && runAt <= receivedAt && lease?.admit(event) ? lease : undefined;
          // The copy comes last: what V8 has to add to one costs it fifty times as much.
          return {
            run_at: runAt,
            received_at: receivedAt,
            settled_at: state === 'ignored' ? receivedAt : null,
            lease_owner: claimed?.owner ?? null,
            lease_ms: claimed?.leaseMs ?? null,
            ...event,
          };
        }),
      );
    },

    claim: createClaim({ database, mayBegin, knows, now }),

    settle: createSettle({ database, keepIgnored, mayBegin, observe, now }),

    /** Passes over rows that are being settled at this moment: waiting for them could be a deadlock. */
    async renew(seqs: readonly number[], owner: string, leaseMs: number): Promise<void> {
      await sql`
        update events set lease_until = ${leaseEnd(dialect, now, leaseMs)}
        where seq in (
          select seq from events
          where seq in (${sql.join(seqs)}) and lease_owner = ${owner} and state = 'working'
          ${dialect.skipLocked}
        )`.execute(kysely);
    },

    /** Gives events back whose holder died: those past their lease, except what we hold ourselves. */
    async releaseLeases(ours: readonly number[] = []): Promise<void> {
      const expired = sql`lease_until < (select ${sharedTime(dialect, now)})`;
      const others = ours.length === 0 ? sql`true` : sql`seq not in (${sql.join(ours)})`;
      await releaseEvents(kysely, now(), sql`${expired} and ${others} ${dialect.skipLocked}`);
    },
  };
}

/**
 * Gives events back that somebody took who is gone: every one, or those of a condition. Whose holders died
 * more than once wait as after failures, each a little longer or shorter than the others: the one that kills
 * its process meets those again and again that are handled beside it.
 */
export async function releaseEvents(
  kysely: Kysely<Schema>,
  at: number,
  condition: RawBuilder<unknown> = sql`true`,
): Promise<void> {
  await sql`
    update events set state = 'waiting', lease_owner = null, lease_until = null,
      run_at = ${at} + ${PAUSE_AFTER_DEATH} * (8 + seq % 8) / 8
    where seq in (select seq from events where state = 'working' and ${condition})`.execute(kysely);
}
