import { existsSync } from 'node:fs';
import { OperatorError } from '../errors.ts';
import type { Database } from './database.ts';
import { databaseFile } from './database-file.ts';

/** A command can wait longer than the app does: nobody waits for its answer. */
const BUSY_TIMEOUT_MS = 10_000;

export type CommandDatabase = Pick<Database, 'engine' | 'kysely' | 'close'>;

/**
 * Opens the database for a command that works while the app runs: without the lock that keeps a second
 * instance away, and without creating or migrating anything.
 * @throws OperatorError when there is none.
 */
export async function openBesideApp(options: {
  databaseUrl?: string | undefined;
  dataDir: string;
}): Promise<CommandDatabase> {
  if (options.databaseUrl) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(options.databaseUrl);
  }
  const path = databaseFile(options.dataDir);
  if (!existsSync(path)) {
    throw new OperatorError(
      `There is no database at ${path}. It is made at the first start; if yours is elsewhere, set DATA_DIR or DATABASE_URL as the app has it.`,
    );
  }
  const { openSqliteFile } = await import('./sqlite-file.ts');
  const settings = { busyTimeoutMs: BUSY_TIMEOUT_MS, journalMode: 'wal' } as const;
  const { kysely } = await openSqliteFile(path, settings);
  return { engine: 'sqlite', kysely, close: () => kysely.destroy() };
}
