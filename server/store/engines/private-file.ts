import { open } from 'node:fs/promises';

/**
 * Creates the file if it is missing, readable by us alone: SQLite would let everybody read it.
 * Its -wal and -shm files copy the mode.
 */
export async function createPrivateFile(path: string): Promise<void> {
  const file = await open(path, 'a', 0o600);
  await file.close();
}
