import { resolve } from 'node:path';

/** Where SQLite's file is in a data folder; while it is open, `-wal` and `-shm` beside it belong to it. */
export function databaseFile(dataDir: string): string {
  return resolve(dataDir, 'shopkeeper.db');
}
