import { resolve } from 'node:path';
import Libsql from 'libsql';
import { OperatorError } from '../errors.ts';
import { createPrivateFile } from './private-file.ts';

export class DataFolderInUseError extends OperatorError {
  readonly code = 'data_folder_in_use';
}

/**
 * Keeps a second instance off the folder until the returned function is called. The lock is an
 * open transaction on a file of its own: the kernel frees it however the process ends, and
 * `shopkeeper.db` itself stays open to backups and inspection.
 */
export async function lockDataFolder(folder: string): Promise<() => void> {
  const path = resolve(folder, 'instance.lock');
  await createPrivateFile(path);
  const lock = new Libsql(path);
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive');
  } catch (error) {
    lock.close();
    if (!(error instanceof Libsql.SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
    throw new DataFolderInUseError(
      `Another Shopkeeper process is using the data folder ${folder}. ` +
        'Stop it first, or set DATABASE_URL to a PostgreSQL database to run several instances.',
      { cause: error },
    );
  }
  return () => lock.close();
}
