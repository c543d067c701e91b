import { sql } from 'kysely';
import type { Database } from '../store/engines/database.ts';
import type { NewEvent } from '../store/schema.ts';
import { ATTEMPTS_ALLOWED } from './retry.ts';

/** Small, so that on SQLite no delivery waits long for its turn. */
const BATCH = 500;

/** Has events done that nobody delivered just now: failed ones again, and jobs of our own. */
export function createReplay(options: { database: Database; now: () => number }) {
  const { kysely } = options.database;
  const anotherRound = () => ({
    state: 'waiting' as const,
    run_at: options.now(),
    settled_at: null,
    attempts_allowed: sql<number>`attempts + ${ATTEMPTS_ALLOWED}`,
  });

  return {
    /** Returns false when the event is not in state `failed`. */
    async replay(installationId: string, eventId: string): Promise<boolean> {
      const { numUpdatedRows } = await kysely
        .updateTable('events')
        .set(anotherRound())
        .where('installation_id', '=', installationId)
        .where('event_id', '=', eventId)
        .where('state', '=', sql.lit('failed'))
        .where('payload', 'is not', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /**
     * Every failed event of an installation once, the oldest first, so that each conversation keeps its
     * order and one that fails again at once is not met again. Returns how many.
     */
    async replayAllFailed(installationId: string): Promise<number> {
      let count = 0;
      let last = 0;
      for (;;) {
        const oldest = kysely
          .selectFrom('events')
          .select('seq')
          .where('installation_id', '=', installationId)
          .where('state', '=', sql.lit('failed'))
          .where('payload', 'is not', null)
          .where('seq', '>', last)
          .orderBy('seq')
          .limit(BATCH);
        const replayed = await kysely
          .updateTable('events')
          .set(anotherRound())
          .where('seq', 'in', oldest)
          // Asked again of the row itself: on PostgreSQL another's replay may just have been faster.
          .where('state', '=', sql.lit('failed'))
          .returning('seq')
          .execute();
        if (replayed.length === 0) return count;
        count += replayed.length;
        last = Math.max(...replayed.map(({ seq }) => seq));
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
