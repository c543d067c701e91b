import { features } from '../../features.ts';
import { releaseEvents } from '../../inbox/events.ts';
import type { Database } from '../../store/engines/database.ts';
import { migrate } from '../../store/migrate.ts';
import { createAppState } from '../../store/tables/app-state.ts';
import { noteRemoval } from '../../store/tables/installations.ts';
import { insertRemovals, type KnownRemoval } from '../../store/tables/removals.ts';

/** Makes a database that was put back one that this version may start with. */
export async function prepareRestored(
  database: Pick<Database, 'dialect' | 'kysely' | 'direct'>,
  removals: readonly KnownRemoval[],
  now: () => number,
): Promise<void> {
  await migrate(database, features);
  await markRestored(database, now, removals);
}

/**
 * Makes a database that was put back from a backup safe to start with. What waits in it may have been
 * answered since, so the time is remembered and every reply is looked for before it is sent (see
 * inbox/retry.ts). What belonged to the life before it ends: leases and locks, whose holders are
 * gone, and sign-ins under way, which may have been used up since. What was removed since, as far as it is
 * known, is removed again at the next start, and what comes late for it is dropped.
 */
export async function markRestored(
  { kysely }: Pick<Database, 'kysely'>,
  now: () => number,
  removals: readonly KnownRemoval[] = [],
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    await createAppState({ kysely: transaction }).write('restored_at', String(now()));
    await insertRemovals(transaction, removals);
    await noteRemoval(transaction, now());
    await transaction.deleteFrom('locks').execute();
    await transaction.deleteFrom('oauth_attempts').execute();
    await releaseEvents(transaction, now());
  });
}

const HASH = /\bremoved_[\w-]{43}(?![\w-])/g;

/** The hashes of removals in any text: lines of the log, a dump of the table. */
export function findHashes(text: string): string[] {
  return [...new Set(text.match(HASH) ?? [])];
}
