import type Libsql from 'libsql';

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
    // Some failures, a full disk for one, have rolled back already.
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
}
