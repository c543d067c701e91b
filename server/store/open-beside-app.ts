import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { OperatorError } from '../errors.ts';
import type { Database } from './database.ts';
import { databaseFile } from './database-file.ts';

/** A command can wait longer than the app does: nobody waits for its answer. */
const BUSY_TIMEOUT_MS = 10_000;

export type CommandDatabase = Pick<Database, 'engine' | 'kysely' | 'close'>;

/**
 * Opens the database for a command that works while the app runs: without the lock that keeps a second
 * instance away, and without creating or migrating anything. With access to `read` nothing can be written.
 * @throws OperatorError when there is none.
 */
export async function openBesideApp(
  { databaseUrl, dataDir }: { databaseUrl?: string | undefined; dataDir: string },
  access: 'read' | 'write',
): Promise<CommandDatabase> {
  if (databaseUrl) {
    const { openPool } = await import('./postgres.ts');
    const { kysely } = openPool(databaseUrl, {
      application_name: 'shopkeeper command',
      max: 1,
      ...(access === 'read' ? { options: '-c default_transaction_read_only=on' } : {}),
    });
    return { engine: 'postgres', kysely, close: () => kysely.destroy() };
  }
  const path = databaseFile(dataDir);
  if (!existsSync(path)) {
    throw new OperatorError(
      `There is no database at ${path}. It is made at the first start; if yours is elsewhere, set DATA_DIR or DATABASE_URL as the app has it.`,
    );
  }
  const { openSqliteFile } = await import('./sqlite-file.ts');
  const mode = access === 'read' ? 'ro' : 'rw';
  const address = `${pathToFileURL(path).href}?mode=${mode}`;
  const { kysely } = await openSqliteFile(address, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  return { engine: 'sqlite', kysely, close: () => kysely.destroy() };
}
