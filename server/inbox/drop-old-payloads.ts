import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import type { EventState } from '../store/schema.ts';

/** From when an event was handled. */
export const PAYLOAD_KEPT_MS = 7 * 24 * 60 * 60_000;
/** Small, so that no delivery waits long for its turn. */
const BATCH = 500;

/**
 * Forgets what customers wrote, a week after it was handled. The row stays, so that a late duplicate is
 * still known; a failed event keeps its payload until it is replayed or its installation removed.
 */
export async function dropOldPayloads({ kysely }: Database, now: () => number): Promise<void> {
  let dropped: bigint;
  do {
    const oldest = kysely
      .selectFrom('events')
      .select('seq')
      .where('payload', 'is not', null)
      .where('settled_at', 'is not', null)
      .where('settled_at', '<', now() - PAYLOAD_KEPT_MS)
      .where('state', 'in', [sql.lit<EventState>('done'), sql.lit<EventState>('ignored')])
      .orderBy('settled_at')
      .limit(BATCH);
    const { numUpdatedRows } = await kysely
      .updateTable('events')
      .set({ payload: null })
      .where('seq', 'in', oldest)
      .executeTakeFirst();
    dropped = numUpdatedRows;
    // SQLite answers without leaving this turn of the event loop, and deliveries must not wait.
    await new Promise(setImmediate);
  } while (dropped > 0n);
}
