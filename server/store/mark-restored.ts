import type { Database } from './database.ts';
import { createFactStore } from './facts.ts';

/**
 * Makes a database that was put back from a backup safe to start with. What waits in it may have been
 * answered since, so the time is remembered and every reply is looked for before it is sent (see
 * inbox/may-be-answered.ts). What belonged to the life before it ends: leases and locks, whose holders are
 * gone, and sign-ins under way, which may have been used up since.
 */
export async function markRestored(
  { kysely }: Pick<Database, 'kysely'>,
  now: () => number,
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    await createFactStore({ kysely: transaction }).write('restored_at', String(now()));
    await transaction.deleteFrom('locks').execute();
    await transaction.deleteFrom('oauth_attempts').execute();
    await transaction
      .updateTable('events')
      .set({ state: 'waiting', lease_owner: null, lease_until: null })
      .where('state', '=', 'working')
      .execute();
  });
}
