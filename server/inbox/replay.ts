import { sql } from 'kysely';
import type { Database } from '../store/engines/database.ts';
import type { NewEvent } from '../store/schema.ts';
import { ATTEMPTS_ALLOWED } from './retry.ts';

/** Small, so that on SQLite no delivery waits long for its turn. */
const BATCH = 500;
const CAN_BE_REPLAYED = sql`state = 'failed' and payload is not null`;

/** Has events done that nobody delivered just now: failed ones again, and jobs of our own. */
export function createReplay(options: { database: Database; now: () => number }) {
  const { kysely } = options.database;
  const anotherRound = () => sql`
    update events set state = 'waiting', run_at = ${options.now()}, settled_at = null,
      attempts_allowed = attempts + ${sql.lit(ATTEMPTS_ALLOWED)}`;

  return {
    /** Returns false when the event is not in state `failed`. */
    async replay(installationId: string, eventId: string): Promise<boolean> {
      const { rows } = await sql`
        ${anotherRound()}
        where installation_id = ${installationId} and event_id = ${eventId} and ${CAN_BE_REPLAYED}
        returning seq`.execute(kysely);
      return rows.length > 0;
    },

    /**
     * Every failed event of an installation once, the oldest first, so that each conversation keeps its
     * order and one that fails again at once is not met again. Returns how many.
     */
    async replayAllFailed(installationId: string): Promise<number> {
      let count = 0;
      let last = 0;
      for (;;) {
        // The state is asked again of the row itself: on PostgreSQL another's replay may be faster.
        const { rows } = await sql<{ seq: number }>`
          ${anotherRound()}
          where state = 'failed' and seq in (
            select seq from events
            where installation_id = ${installationId} and ${CAN_BE_REPLAYED} and seq > ${last}
            order by seq limit ${sql.lit(BATCH)}
          )
          returning seq`.execute(kysely);
        if (rows.length === 0) return count;
        count += rows.length;
        last = Math.max(...rows.map(({ seq }) => seq));
        await new Promise(setImmediate);
      }
    },

    /**
     * Makes a job of our own wait in the inbox, so that it survives a restart like any event; one that is
     * over is revived. Asking again while it waits changes nothing.
     */
    async schedule(job: NewEvent): Promise<void> {
      const at = options.now();
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
  };
}
