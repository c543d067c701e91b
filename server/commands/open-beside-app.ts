import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { OperatorError } from '../errors.ts';
import { createEventLog } from '../inbox/event-log.ts';
import { databaseFile, requireFile } from '../store/engines/data-folder.ts';
import type { Database, DatabasePlace } from '../store/engines/database.ts';
import { findPostgresPlaces, type PostgresPlace } from '../store/engines/postgres-url.ts';
import { listMigrations } from '../store/migrate.ts';
import { listKeyIds } from '../store/secrets/key-use.ts';
import { countInstallations } from '../store/tables/installations.ts';

/** A command can wait longer than the app does: nobody waits for its answer. */
const BUSY_TIMEOUT_MS = 10_000;
export const POSTGRES_SILENT_MS = 60_000;

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

async function openPostgresBesideApp(
  place: PostgresPlace,
  access: 'read' | 'write',
): Promise<CommandDatabase> {
  const { refuseTransactionPooling } = await import('../store/engines/postgres-pooler.ts');
  const { connectPostgres, workDirectly } = await import('../store/engines/postgres.ts');
  await refuseTransactionPooling(place);
  const { kysely } = connectPostgres(place, { max: 1, silentMs: POSTGRES_SILENT_MS, access });
  return {
    engine: 'postgres',
    kysely,
    direct: (work) => workDirectly(place, work),
    close: () => kysely.destroy(),
  };
}

/** @throws OperatorError when no app has started with the database yet. */
export async function requireTables(database: CommandDatabase): Promise<void> {
  if ((await listMigrations(database)).length > 0) return;
  throw new OperatorError(
    'The database is empty: no app was started with it yet. If yours is elsewhere, set DATA_DIR or DATABASE_URL as the app has it.',
  );
}

/** What a database holds, in two sentences for whoever backs it up or puts it back. */
export async function describeContent(database: Pick<Database, 'kysely'>): Promise<string> {
  const [accounts, waiting, keys] = await Promise.all([
    countInstallations(database.kysely),
    createEventLog({ database }).countUnsettled(),
    listKeyIds(database),
  ]);
  const count = accounts.reduce((sum, { count: some }) => sum + some, 0);
  const ids = keys.map(({ keyId }) => keyId).join(', ');
  return (
    `Accounts: ${count}. Events that wait for an answer: ${waiting}. ` +
    (ids === '' ? 'It holds no secrets.' : `Its secrets need these encryption keys: ${ids}.`)
  );
}
