import { constants, existsSync } from 'node:fs';
import { access, chmod, copyFile, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { sql } from 'kysely';
import type { Restore, Restored } from '../../commands/engine-commands.ts';
import { codeOf, messageOf, OperatorError } from '../../errors.ts';
import type { Write } from '../../inbox/settle.ts';
import type { Database } from '../../store/engines/database.ts';
import { openBesideApp } from './beside-app.ts';
import { dialect } from './dialect.ts';
import { databaseFile, openSqliteFile, prepareFolder, restoringFile } from './file.ts';
import { lockDataFolder } from './instance-lock.ts';

/** A folder with the database that a restore has replaced; then the time, so the last is the latest. */
const REPLACED = 'before-restore-';

/**
 * Puts a backup in the place of the database, ready to start with. What was there is moved into a folder
 * of its own, which is returned. Until that nothing has changed, whatever happens; if it is interrupted
 * then, the app does not start before it is run again.
 * @throws DataFolderInUseError while the app runs; OperatorError when the file is no backup of ours.
 */
export async function restoreSqlite(dataDir: string, restore: Restore): Promise<Restored> {
  const { file, readReplaced, prepare, now } = restore;
  await requireReadable(file);
  const copy = restoringFile(dataDir);
  if (existsSync(copy) && (await realpath(file)) === (await realpath(copy)))
    throw new OperatorError(
      `${file} is where a restore makes its copy, and this one may be half: give it another name to restore it.`,
    );
  prepareFolder(dataDir);
  const unlock = await lockDataFolder(resolve(dataDir));
  try {
    const known = await readDatabase(dataDir, readReplaced);
    try {
      await copyDatabase(file, copy);
      await makeReady(copy, (database) => prepare(database, known ?? []));
    } catch (error) {
      await removeDatabase(copy);
      const message = `${file} cannot be restored, and nothing was changed: ${messageOf(error)}`;
      throw new OperatorError(message, { cause: error });
    }
    const movedTo = await moveAside(dataDir, now);
    await rename(copy, databaseFile(dataDir));
    return { movedTo, isRead: known !== undefined };
  } finally {
    unlock();
  }
}

/** What this user may not see is there all the same. */
async function requireReadable(file: string): Promise<void> {
  await access(file, constants.R_OK).catch((error: unknown) => {
    const isMissing = codeOf(error) === 'ENOENT';
    const reason = isMissing
      ? `There is no file ${file}.`
      : `It cannot be read: ${messageOf(error)}`;
    throw new OperatorError(reason, { cause: error });
  });
}

/** Of the database that is replaced; undefined when there is none, or it cannot be read any more. */
async function readDatabase(
  dataDir: string,
  read: Restore['readReplaced'],
): Promise<Write[] | undefined> {
  try {
    const folder = await findReplaced(dataDir);
    if (folder === undefined) return undefined;
    const database = await openBesideApp({ dataDir: folder }, 'read');
    try {
      return await read(database.kysely);
    } finally {
      await database.close();
    }
  } catch {
    return undefined;
  }
}

/** Where it is: one that was interrupted may have moved it already. */
async function findReplaced(dataDir: string): Promise<string | undefined> {
  if (existsSync(databaseFile(dataDir))) return dataDir;
  if (!existsSync(restoringFile(dataDir))) return undefined;
  const moved = (await readdir(dataDir)).filter((name) => name.startsWith(REPLACED)).toSorted();
  const folders = moved.map((name) => resolve(dataDir, name));
  return folders.findLast((folder) => existsSync(databaseFile(folder)));
}

/** With its write-ahead log, which a backup has none of, but the folder of an earlier restore may. */
async function copyDatabase(file: string, copy: string): Promise<void> {
  await removeDatabase(copy);
  for (const suffix of ['', '-wal']) {
    if (!existsSync(`${file}${suffix}`)) continue;
    await copyFile(`${file}${suffix}`, `${copy}${suffix}`);
    await chmod(`${copy}${suffix}`, 0o600);
  }
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    await rm(`${path}${suffix}`, { force: true });
  }
}

async function makeReady(
  path: string,
  prepare: (database: Pick<Database, 'dialect' | 'kysely' | 'direct'>) => Promise<void>,
): Promise<void> {
  const { kysely, direct } = await openSqliteFile(path, {
    busyTimeoutMs: 0,
    journalMode: 'delete',
  });
  try {
    const { rows } = await sql<{
      integrity_check: string;
    }>`pragma integrity_check(1)`.execute(kysely);
    const [{ integrity_check: verdict } = { integrity_check: 'no answer' }] = rows;
    if (verdict !== 'ok') throw new Error(`it is damaged (${verdict})`);
    // An empty file would otherwise become an empty database.
    await kysely.selectFrom('installations').select('id').limit(1).execute();
    await prepare({ dialect, kysely, direct });
  } finally {
    await kysely.destroy();
  }
}

/**
 * The database before its log: from the first step on there is none to start with, and the new one never
 * stands beside the old one's log, which would be played into it.
 */
async function moveAside(dataDir: string, now: () => number): Promise<string | undefined> {
  const path = databaseFile(dataDir);
  const files = ['', '-wal', '-shm'].map((suffix) => `${path}${suffix}`);
  if (!files.some((file) => existsSync(file))) return undefined;
  const time = new Date(now()).toISOString().replaceAll(':', '-');
  const folder = resolve(dataDir, `${REPLACED}${time}`);
  await mkdir(folder, { mode: 0o700 });
  for (const file of files) {
    if (existsSync(file)) await rename(file, join(folder, basename(file)));
  }
  return folder;
}
