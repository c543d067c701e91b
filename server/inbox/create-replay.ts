import { sql } from 'kysely';
import type { Database } from '../store/engines/database.ts';

/** Small, so that on SQLite no delivery waits long for its turn. */
const BATCH = 500;

/** Gives failed events another round of that many attempts. */
export function createReplay(options: { database: Database; now: () => number; attempts: number }) {
  const { kysely } = options.database;
  const anotherRound = () => ({
    state: 'waiting' as const,
    run_at: options.now(),
    settled_at: null,
    attempts_allowed: sql<number>`attempts + ${options.attempts}`,
  });

  return {
    /** False when the event is not in state `failed`. */
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
     * order and one that fails again at once is not met again. Answers how many.
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
  };
}
