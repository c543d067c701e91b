import { Kysely, SqliteDialect, sql } from 'kysely';
import Libsql from 'libsql';
import type { Schema } from './schema.ts';
import { createStatementSource } from './sqlite-statements.ts';

/**
 * Opens a SQLite file with the settings we count on. The journal mode is kept in the file, so only who
 * owns it chooses one; `delete` leaves no other file beside it.
 */
export async function openSqliteFile(
  path: string,
  options: { busyTimeoutMs: number; journalMode?: 'wal' | 'delete' },
) {
  const database = new Libsql(path);
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
  } catch (error) {
    await kysely.destroy();
    throw new Error(`Could not open the database file ${path}`, { cause: error });
  }
  return { kysely, database };
}
