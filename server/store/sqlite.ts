import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Kysely, SqliteDialect, sql } from 'kysely';
import Libsql from 'libsql';
import type { Database } from './database.ts';
import { createSqliteInsert } from './insert-events.ts';
import { lockDataFolder } from './instance-lock.ts';
import { createPrivateFile } from './private-file.ts';
import type { Schema } from './schema.ts';
import { createLocalSignals } from './signals.ts';
import { createStatementSource } from './sqlite-statements.ts';

/**
 * The driver is synchronous, so waiting for a lock stops the whole process. Only an operator's
 * tool can hold one (instance-lock keeps other instances out), and only for a moment.
 */
const BUSY_TIMEOUT_MS = 250;

/** Opens `{dataDir}/shopkeeper.db` for this process alone, creating what is missing. */
export async function openSqlite(dataDir: string): Promise<Database> {
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockDataFolder(folder);
  try {
    const { kysely, database } = await openFile(resolve(folder, 'shopkeeper.db'));
    return {
      engine: 'sqlite',
      kysely,
      signals: createLocalSignals(),
      insertEvents: createSqliteInsert(database, kysely),
      async ping() {
        await sql`select 1`.execute(kysely);
      },
      async close() {
        await kysely.destroy();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openFile(path: string) {
  await createPrivateFile(path);
  const database = new Libsql(path);
  const kysely = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: createStatementSource(database) }),
  });
  try {
    await sql`pragma busy_timeout = ${sql.lit(BUSY_TIMEOUT_MS)}`.execute(kysely);
    await sql`pragma journal_mode = wal`.execute(kysely);
    // FULL: an acknowledged event must survive a power cut, not only a crash of the process.
    await sql`pragma synchronous = full`.execute(kysely);
    await sql`pragma foreign_keys = on`.execute(kysely);
  } catch (error) {
    await kysely.destroy();
    throw new Error(`Could not open the database file ${path}`, { cause: error });
  }
  return { kysely, database };
}
