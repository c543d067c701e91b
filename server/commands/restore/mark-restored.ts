import { features } from '../../features.ts';
import { releaseEvents } from '../../inbox/events.ts';
import type { Write } from '../../inbox/settle.ts';
import type { Database } from '../../store/engines/database.ts';
import { migrate } from '../../store/migrate.ts';
import { createAppState } from '../../store/tables/app-state.ts';

/** Makes a database that was put back one that this version may start with. */
export async function prepareRestored(
  database: Pick<Database, 'dialect' | 'kysely' | 'direct'>,
  known: readonly Write[],
  now: () => number,
): Promise<void> {
  await migrate(database, features);
  await markRestored(database, now, known);
}

/**
 * Makes a database that was put back from a backup safe to start with. What waits in it may have been
 * answered since, so the time is remembered and every reply is looked for before it is sent (see
 * inbox/retry.ts). What belonged to the life before it ends: leases and locks, whose holders are
 * gone, and sign-ins under way, which may have been used up since. What features know of the time since is
 * written down.
 */
export async function markRestored(
  { kysely }: Pick<Database, 'kysely'>,
  now: () => number,
  known: readonly Write[] = [],
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    await createAppState({ kysely: transaction }).write('restored_at', String(now()));
    for (const write of known) await write(transaction);
    await transaction.deleteFrom('locks').execute();
    await transaction.deleteFrom('oauth_attempts').execute();
    await releaseEvents(transaction, now());
  });
}
