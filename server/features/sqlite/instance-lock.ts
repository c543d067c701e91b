import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import Libsql from 'libsql';
import { codeOf, OperatorError } from '../../errors.ts';
import { createPrivateFile, explainSqliteFailure, lockFile } from './file.ts';

export class DataFolderInUseError extends OperatorError {
  readonly code = 'data_folder_in_use';
}

/**
 * Keeps a second instance off the folder until the returned function is called. The lock is an
 * open transaction on a file of its own: the kernel frees it however the process ends, and
 * `shopkeeper.db` itself stays open to backups and inspection.
 * @throws DataFolderInUseError, or OperatorError when the disk has no locks.
 */
export async function lockDataFolder(folder: string): Promise<() => void> {
  return await lock(lockFile(folder), async (cause) => {
    // A disk without locks refuses them in the same words as another process does.
    await tryLock(folder);
    return new DataFolderInUseError(
      `Another Shopkeeper process is using the data folder ${folder}. ` +
        'Stop it first, or set DATABASE_URL to a PostgreSQL database to run several instances.',
      { cause },
    );
  });
}

/** Locks a new file of the folder for a moment. @throws OperatorError when its disk has no locks. */
export async function tryLock(folder: string): Promise<void> {
  const path = resolve(folder, `lock-test-${randomUUID()}`);
  const explain = (cause: unknown) =>
    new OperatorError(
      `The disk of the data folder ${folder} has no file locks, and SQLite needs them. Network disks (NFS, SMB) ` +
        'often have none. Set DATA_DIR to a folder of a local disk, or DATABASE_URL to a PostgreSQL database.',
      { cause },
    );
  try {
    const unlock = await lock(path, explain);
    unlock();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @throws what `explainTaken` makes of a lock that another process has; OperatorError for a failing disk. */
export async function lock(
  path: string,
  explainTaken: (error: unknown) => OperatorError | Promise<OperatorError>,
): Promise<() => void> {
  await createPrivateFile(path);
  const database = new Libsql(path);
  try {
    database.exec('pragma journal_mode = memory; begin exclusive');
    return () => database.close();
  } catch (error) {
    database.close();
    const isTaken = codeOf(error)?.startsWith('SQLITE_BUSY') === true;
    throw isTaken ? await explainTaken(error) : (explainSqliteFailure(error, path) ?? error);
  }
}
