import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import Libsql from 'libsql';
import { codeOf, messageOf, OperatorError } from '../../errors.ts';

const BUSY_TIMEOUT_MS = 10_000;

/**
 * Writes one moment of the database into a new file, readable by us alone, while the app goes on writing.
 * The file has its name only once it is complete.
 * @throws OperatorError when there is a file of that name, or it cannot be written.
 */
export async function backUpSqlite(path: string, target: string): Promise<void> {
  const part = `${target}.part`;
  if (existsSync(target)) {
    throw new OperatorError(`${target} exists already and is not overwritten: give another name.`);
  }
  await createNewFile(part);
  try {
    const database = new Libsql(path);
    database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.prepare('vacuum into ?').run(part);
    database.close();
    await syncToDisk(part);
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    const reason = `${target} cannot be written, and nothing was: ${messageOf(error)}. Make room, or give a name on another disk.`;
    throw new OperatorError(reason, { cause: error });
  }
}

async function createNewFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
  } catch (error) {
    throw new OperatorError(
      codeOf(error) === 'EEXIST'
        ? `${path} is there: another backup is running, or one was interrupted. In that case delete it.`
        : `${path} cannot be written: ${messageOf(error)}`,
    );
  }
}

async function syncToDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
}
