import { resolve } from 'node:path';

/** Where SQLite's file is in a data folder; while it is open, `-wal` and `-shm` beside it belong to it. */
export function databaseFile(dataDir: string): string {
  return resolve(dataDir, 'shopkeeper.db');
}

/** Where a restore prepares the new database; beside no other one, it was interrupted in its last steps. */
export function restoringFile(dataDir: string): string {
  return `${databaseFile(dataDir)}.restoring`;
}
