import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { OperatorError } from '../errors.ts';
import type { Database } from '../store/engines/database.ts';
import { databaseFile } from '../store/engines/database-file.ts';
import { requireFile } from '../store/engines/prepare-data-folder.ts';
import type { DatabasePlace } from '../store/engines/open-database.ts';
import { listMigrations } from '../store/migrate.ts';

/** A command can wait longer than the app does: nobody waits for its answer. */
const BUSY_TIMEOUT_MS = 10_000;

export type CommandDatabase = Pick<Database, 'engine' | 'kysely' | 'direct' | 'close'>;

/**
 * Opens the database for a command that works while the app runs: without the lock that keeps a second
 * instance away, and without creating or migrating anything. With access to `read` nothing can be written.
 * @throws OperatorError when there is none, or none that answers.
 */
export async function openBesideApp(
  { databaseUrl, databaseDirectUrl, dataDir }: DatabasePlace,
  access: 'read' | 'write',
): Promise<CommandDatabase> {
  if (databaseUrl) {
    const { findPostgresPlaces, openPostgresBesideApp } =
      await import('../store/engines/postgres.ts');
    const { direct } = findPostgresPlaces({ databaseUrl, databaseDirectUrl });
    return openPostgresBesideApp(direct, access);
  }
  const path = databaseFile(dataDir);
  requireFile(path);
  if (!existsSync(path)) {
    throw new OperatorError(
      `There is no database at ${path}. It is made at the first start; if yours is elsewhere, set DATA_DIR or DATABASE_URL as the app has it.`,
    );
  }
  const { openSqliteFile } = await import('../store/engines/sqlite-file.ts');
  const mode = access === 'read' ? 'ro' : 'rw';
  const address = `${pathToFileURL(path).href}?mode=${mode}`;
  const { kysely, direct } = await openSqliteFile(address, {
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    path,
  });
  return { engine: 'sqlite', kysely, direct, close: () => kysely.destroy() };
}

/** @throws OperatorError when no app has started with the database yet. */
export async function requireTables(database: CommandDatabase): Promise<void> {
  if ((await listMigrations(database)).length > 0) return;
  throw new OperatorError(
    'The database is empty: no app was started with it yet. If yours is elsewhere, set DATA_DIR or DATABASE_URL as the app has it.',
  );
}
