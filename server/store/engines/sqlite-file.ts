import { Kysely, SqliteDialect, sql } from 'kysely';
import Libsql from 'libsql';
import type { Database } from './database.ts';
import { explainSqliteFailure } from './explain-sqlite-failure.ts';
import type { Schema } from '../schema.ts';
import { createStatementSource } from './sqlite-statements.ts';

/**
 * Opens a SQLite file with the settings we count on. The journal mode is kept in the file, so only who
 * owns it chooses one; `delete` leaves no other file beside it.
 * @throws OperatorError saying what is wrong with the file.
 */
export async function openSqliteFile(
  address: string,
  options: {
    busyTimeoutMs: number;
    journalMode?: 'wal' | 'delete';
    /** For people, where the address is a URL. */
    path?: string;
  },
) {
  const { path = address } = options;
  const database = openFile(address, path);
  const kysely = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: createStatementSource(database) }),
  });
  try {
    await sql`pragma busy_timeout = ${sql.lit(options.busyTimeoutMs)}`.execute(kysely);
    if (options.journalMode !== undefined)
      await sql`pragma journal_mode = ${sql.raw(options.journalMode)}`.execute(kysely);
    // FULL: an acknowledged event must survive a power cut, not only a crash of the process.
    await sql`pragma synchronous = full`.execute(kysely);
    await sql`pragma foreign_keys = on`.execute(kysely);
    // What is deleted is overwritten, not only forgotten.
    await sql`pragma secure_delete = on`.execute(kysely);
    // Reads the file for the first time, so what is wrong with it shows here.
    await sql`select count(*) from sqlite_master`.execute(kysely);
  } catch (error) {
    await kysely.destroy();
    throw explain(error, path);
  }
  const direct: Database['direct'] = (work) => kysely.connection().execute(work);
  return { kysely, database, direct };
}

/**
 * Moves what is in the log into the file and empties the log, where copies of deleted rows would stay, and
 * without which a copy of the file is not complete. While another program reads the file, nothing happens.
 */
export async function emptyLog(kysely: Kysely<Schema>): Promise<void> {
  await sql`pragma wal_checkpoint(truncate)`.execute(kysely);
}

function openFile(address: string, path: string): Libsql.Database {
  try {
    return new Libsql(address);
  } catch (error) {
    throw explain(error, path);
  }
}

function explain(error: unknown, path: string): unknown {
  return (
    explainSqliteFailure(error, path) ??
    new Error(`Could not open the database file ${path}`, { cause: error })
  );
}
