import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type Libsql from 'libsql';

const STATEMENTS_KEPT = 200;
const CONTROLS_TRANSACTION = /^\s*(begin|commit|rollback)\b/i;
export const READS = /^\s*(select|with|pragma|explain)\b/i;

/**
 * The driver as Kysely sees it, with two differences. Statements stay prepared, because preparing one
 * costs more than running it. And every write takes the file's lock by `begin immediate` first: a
 * prepared statement of this driver that meets a lock stays half open, and no commit succeeds after it.
 */
export function createStatementSource(database: Libsql.Database): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();

  function prepare(text: string): SqliteStatement {
    if (text === 'begin') return runAs(database, 'begin immediate');
    if (CONTROLS_TRANSACTION.test(text)) return runAs(database, text);
    const statement = database.prepare(text);
    if (READS.test(text)) return statement;
    // The parameters stay one list: the driver takes a lone null for a set of named ones.
    return {
      reader: statement.reader,
      all: (parameters) => lockForWriting(database, () => statement.all(parameters)),
      run: (parameters) => lockForWriting(database, () => statement.run(parameters)),
      iterate: (parameters) => statement.iterate(parameters),
    };
  }

  return {
    close: () => void database.close(),
    prepare(text) {
      const known = prepared.get(text);
      if (known !== undefined) return known;
      const statement = prepare(text);
      if (prepared.size >= STATEMENTS_KEPT) prepared.clear();
      prepared.set(text, statement);
      return statement;
    },
  };
}

function runAs(database: Libsql.Database, text: string): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    run() {
      // Some failures, a full disk for one, have rolled back already: what failed is what is to be told.
      if (text !== 'rollback' || database.inTransaction) database.exec(text);
      return { changes: 0, lastInsertRowid: 0 };
    },
    iterate: () => [][Symbol.iterator](),
  };
}

/**
 * Runs the work in a transaction that holds the file's lock from the start, or within the one that is
 * open already. All or nothing.
 */
export function lockForWriting<Result>(database: Libsql.Database, work: () => Result): Result {
  if (database.inTransaction) return work();
  database.exec('begin immediate');
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
}
