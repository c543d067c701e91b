import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

const CONNECT_WITHIN_MS = 5_000;

export type Reader = Pick<Database, 'engine' | 'kysely' | 'close'>;

/**
 * Opens the database beside a running instance: without the lock of the data folder, and so that nothing
 * can be written. Undefined when there is no SQLite file yet.
 */
export async function openForReading(options: {
  databaseUrl?: string | undefined;
  dataDir: string;
}): Promise<Reader | undefined> {
  if (options.databaseUrl) return await openPostgres(options.databaseUrl);
  const file = resolve(options.dataDir, 'shopkeeper.db');
  return existsSync(file) ? await openSqlite(file) : undefined;
}

async function openSqlite(file: string): Promise<Reader> {
  const [{ default: Libsql }, { createStatementSource }] = await Promise.all([
    import('libsql'),
    import('./sqlite-statements.ts'),
  ]);
  const database = new Libsql(`${pathToFileURL(file).href}?mode=ro`);
  const kysely = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: createStatementSource(database) }),
  });
  return { engine: 'sqlite', kysely, close: () => kysely.destroy() };
}

async function openPostgres(connectionString: string): Promise<Reader> {
  const [{ default: pg }, { createTypes }] = await Promise.all([
    import('pg'),
    import('./postgres.ts'),
  ]);
  const pool = new pg.Pool({
    connectionString,
    application_name: 'shopkeeper doctor',
    options: '-c default_transaction_read_only=on',
    max: 1,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: CONNECT_WITHIN_MS,
    types: createTypes(),
  });
  pool.on('error', () => {});
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return { engine: 'postgres', kysely, close: () => kysely.destroy() };
}
