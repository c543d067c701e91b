import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { sql } from 'kysely';
import { messageOf, OperatorError } from '../../errors.ts';
import { features } from '../../features.ts';
import { openBesideApp } from '../open-beside-app.ts';
import { releaseEvents } from '../../inbox/events.ts';
import { databaseFile, prepareDataFolder, restoringFile } from '../../store/engines/data-folder.ts';
import type { Database } from '../../store/engines/database.ts';
import { lockDataFolder } from '../../store/engines/instance-lock.ts';
import { openSqliteFile } from '../../store/engines/sqlite-file.ts';
import { migrate } from '../../store/migrate.ts';
import { createAppState } from '../../store/tables/app-state.ts';
import { noteRemoval } from '../../store/tables/installations.ts';
import { insertRemovals, type KnownRemoval } from '../../store/tables/removals.ts';

/**
 * Puts a backup in the place of the database, ready to start with. What was there is moved into a folder
 * of its own, which is returned. Until that nothing has changed, whatever happens; if it is interrupted
 * then, the app does not start before it is run again.
 * @throws DataFolderInUseError while the app runs; OperatorError when the file is no backup of ours.
 */
export async function restoreSqlite(options: {
  file: string;
  dataDir: string;
  /** What was removed since the backup was made, beside what the replaced database knows of it. */
  removals?: readonly KnownRemoval[];
  now: () => number;
}): Promise<{ movedTo: string | undefined; knewRemovals: boolean }> {
  const { file, dataDir, now } = options;
  if (!existsSync(file)) throw new OperatorError(`There is no file ${file}.`);
  prepareDataFolder(dataDir);
  const unlock = await lockDataFolder(resolve(dataDir));
  try {
    const copy = restoringFile(dataDir);
    const known = await readRemovals(dataDir);
    const removals = [...(known ?? []), ...(options.removals ?? [])];
    try {
      await copyDatabase(file, copy);
      await makeReady(copy, now, removals);
    } catch (error) {
      await removeDatabase(copy);
      const message = `${file} cannot be restored, and nothing was changed: ${messageOf(error)}`;
      throw new OperatorError(message, { cause: error });
    }
    const movedTo = await moveAside(dataDir, now);
    await rename(copy, databaseFile(dataDir));
    return { movedTo, knewRemovals: known !== undefined };
  } finally {
    unlock();
  }
}

/** Of the database that is replaced; undefined when there is none, or it cannot be read any more. */
async function readRemovals(dataDir: string): Promise<KnownRemoval[] | undefined> {
  if (!existsSync(databaseFile(dataDir))) return undefined;
  try {
    const database = await openBesideApp({ dataDir }, 'read');
    try {
      return await database.kysely.selectFrom('removals').selectAll().execute();
    } finally {
      await database.close();
    }
  } catch {
    return undefined;
  }
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
  now: () => number,
  removals: readonly KnownRemoval[],
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
    await migrate({ engine: 'sqlite', direct }, features);
    await markRestored({ kysely }, now, removals);
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
  const folder = resolve(dataDir, `before-restore-${time}`);
  await mkdir(folder, { mode: 0o700 });
  for (const file of files) {
    if (existsSync(file)) await rename(file, join(folder, basename(file)));
  }
  return folder;
}

/**
 * Makes a database that was put back from a backup safe to start with. What waits in it may have been
 * answered since, so the time is remembered and every reply is looked for before it is sent (see
 * inbox/retry.ts). What belonged to the life before it ends: leases and locks, whose holders are
 * gone, and sign-ins under way, which may have been used up since. What was removed since, as far as it is
 * known, is removed again at the next start, and what comes late for it is dropped.
 */
export async function markRestored(
  { kysely }: Pick<Database, 'kysely'>,
  now: () => number,
  removals: readonly KnownRemoval[] = [],
): Promise<void> {
  await kysely.transaction().execute(async (transaction) => {
    await createAppState({ kysely: transaction }).write('restored_at', String(now()));
    await insertRemovals(transaction, removals);
    await noteRemoval(transaction, now());
    await transaction.deleteFrom('locks').execute();
    await transaction.deleteFrom('oauth_attempts').execute();
    await releaseEvents(transaction);
  });
}
