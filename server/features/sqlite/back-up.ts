import { existsSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Libsql from 'libsql';
import { messageOf, OperatorError } from '../../errors.ts';
import { lock } from './instance-lock.ts';

const BUSY_TIMEOUT_MS = 10_000;

/**
 * Writes one moment of the database into a new file, readable by us alone, while the app goes on writing.
 * The file has its name only once it is complete.
 * @throws OperatorError when there is a file of that name, or it cannot be written.
 */
export async function backUpSqlite(path: string, target: string): Promise<void> {
  // Also before anything is made beside it: beside a folder, a volume say, that may not be allowed.
  refuseTaken(target);
  const unlock = await lockTarget(target);
  try {
    refuseTaken(target);
    await writeCopy(path, target);
  } finally {
    await unlock();
  }
}

function refuseTaken(target: string): void {
  if (!existsSync(target)) return;
  throw new OperatorError(
    statSync(target).isDirectory()
      ? `${target} is a folder: name the file in it, for example ${join(target, 'backup.db')}.`
      : `${target} exists already and is not overwritten: give another name.`,
  );
}

/** While it is held, whatever another backup has left of the same file is of one that was interrupted. */
async function lockTarget(target: string): Promise<() => Promise<void>> {
  const path = `${target}.part-lock`;
  try {
    const unlock = await lock(path, explainTaken);
    return async () => {
      unlock();
      await rm(path, { force: true });
    };
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`${target} cannot be written: ${messageOf(error)}`, { cause: error });
  }

  function explainTaken(cause: unknown): OperatorError {
    const reason = `${target} is being written by another backup. If there is none, its disk has no file locks: give a name on another one.`;
    return new OperatorError(reason, { cause });
  }
}

async function writeCopy(path: string, target: string): Promise<void> {
  const part = `${target}.part`;
  try {
    await removePart(part);
    const file = await open(part, 'wx', 0o600);
    await file.close();
    const database = new Libsql(path);
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.prepare('vacuum into ?').run(part);
    database.close();
    await syncToDisk(part);
    await rename(part, target);
  } catch (error) {
    await removePart(part);
    const reason = `${target} cannot be written, and nothing was: ${messageOf(error)}. Make room, or give a name on another disk.`;
    throw new OperatorError(reason, { cause: error });
  }
}

/** With its journal, which would be played into the next of that name. */
async function removePart(part: string): Promise<void> {
  for (const path of [part, `${part}-journal`]) await rm(path, { force: true });
}

async function syncToDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
}
