import { symlinkSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Schema } from '../../../server/store/schema.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { prepareRestored } from '../../../server/commands/restore/mark-restored.ts';
import { backUpSqlite } from '../../../server/features/sqlite/back-up.ts';
import { databaseFile, restoringFile } from '../../../server/features/sqlite/file.ts';
import { DataFolderInUseError } from '../../../server/features/sqlite/instance-lock.ts';
import { restoreSqlite } from '../../../server/features/sqlite/restore.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { startDatabaseProcess } from '../../support/process/database-process.ts';
import { createTestFolder, openDatabase } from '../../support/store/engines.ts';
import { features } from '../../../server/features.ts';

let place: Awaited<ReturnType<typeof createTestFolder>>;
let file: string;
beforeEach(async () => {
  place = await createTestFolder();
  file = join(dirname(place.dataDir), 'backup.db');
  await write('before');
  await backUpSqlite(databaseFile(place.dataDir), file);
  await write('after');
});
afterEach(() => place.remove());

/** Opens the database as the app does, adds an account, and closes it again. */
async function write(name: string): Promise<void> {
  const database = await openDatabase(place);
  await migrate(database, features);
  await createInstallationStore({ database, now: Date.now }).create(name, name);
  await database.close();
}

async function readNames(): Promise<string[]> {
  const database = await openDatabase(place);
  const rows = await createInstallationStore({ database, now: () => 0 }).list();
  await database.close();
  return rows.map(({ id }) => id).toSorted();
}

const restore = (path = file, { dataDir } = place) =>
  restoreSqlite(dataDir, {
    file: path,
    readReplaced: async (kysely) => {
      const { value } = await kysely
        .selectFrom('app_state')
        .select('value')
        .where('name', '=', 'since')
        .executeTakeFirstOrThrow();
      return [(transaction) => writeState(transaction, value)];
    },
    prepare: (database, known) => prepareRestored(database, known, Date.now),
    now: Date.now,
  });

/** What only the replaced database knows. */
const writeState = async (kysely: Kysely<Schema>, value: string): Promise<void> =>
  void (await kysely.insertInto('app_state').values({ name: 'since', value }).execute());

/** As a restore does it: the last of several is the one that was. */
async function moveAway(): Promise<void> {
  await copyFile(file, restoringFile(place.dataDir));
  const folders = ['2026-01-01', '2026-01-02'].map((time) =>
    join(place.dataDir, `before-restore-${time}`),
  );
  for (const folder of folders) await mkdir(folder);
  await copyFile(file, databaseFile(folders[0] ?? ''));
  await rename(databaseFile(place.dataDir), databaseFile(folders[1] ?? ''));
}

describe('a backup put back', () => {
  it('is the database, with its migrations and readable by us alone', async () => {
    await restore();

    expect(await readNames()).toEqual(['before']);
    expect((await stat(databaseFile(place.dataDir))).mode & 0o777).toBe(0o600);
  });

  it('keeps the database it replaced, which can be put back in turn', async () => {
    const { movedTo = '' } = await restore();
    expect(dirname(movedTo)).toBe(place.dataDir);

    await restore(join(movedTo, 'shopkeeper.db'));

    expect(await readNames()).toEqual(['after', 'before']);
  });

  it.each([
    ['it replaces', async () => {}],
    // After the first of its last steps.
    ['that was moved already when it was interrupted', moveAway],
  ])('is told by the database %s what was known there', async (_which, interrupt) => {
    const database = await openDatabase(place);
    await writeState(database.kysely, 'known there');
    await database.close();
    await interrupt();

    expect((await restore()).isRead).toBe(true);

    const restored = await openDatabase(place);
    const states = restored.kysely.selectFrom('app_state').select('value');
    expect(await states.where('name', '=', 'since').execute()).toEqual([{ value: 'known there' }]);
    await restored.close();
  });

  it('says so when the database it replaces can tell nothing', async () => {
    await writeFile(databaseFile(place.dataDir), 'no database any more');
    expect((await restore()).isRead).toBe(false);
    expect(await readNames()).toEqual(['before']);
  });

  it('needs no database to be there', async () => {
    const other = await createTestFolder();

    const { movedTo } = await restore(file, other);

    expect(movedTo).toBeUndefined();
    await other.remove();
  });

  it('lets the app not start after it was interrupted, and can be run again', async () => {
    const path = databaseFile(place.dataDir);
    await copyFile(file, restoringFile(place.dataDir));
    await rename(path, join(place.dataDir, 'moved.db'));
    await writeFile(`${path}-wal`, 'the log of another database');

    await expect(openDatabase(place)).rejects.toThrow('was interrupted. Run it again');
    const { movedTo = '' } = await restore();

    expect(await readdir(movedTo)).toContain('shopkeeper.db-wal');
    expect(await readNames()).toEqual(['before']);
  });

  it('does not mind a copy that was left behind before anything was changed', async () => {
    await writeFile(restoringFile(place.dataDir), 'half a copy');

    expect(await readNames()).toEqual(['after', 'before']);
    await restore();
    expect(await readNames()).toEqual(['before']);
  });

  it('is not made of the copy that one that was interrupted has left, and leaves it', async () => {
    const half = restoringFile(place.dataDir);
    await rename(file, half);

    await expect(restore(half)).rejects.toThrow('give it another name');

    await rename(half, file);
    await restore();
    expect(await readNames()).toEqual(['before']);
  });

  it('has to wait until the app was stopped', async () => {
    const app = await startDatabaseProcess(place.dataDir);

    await expect(restore()).rejects.toThrow(DataFolderInUseError);

    await app.kill();
    expect(await readNames()).toEqual(['after', 'before']);
  });

  it.each([
    ['that is no database', 'this is no database, whatever its name says', 'cannot be restored'],
    ['that is empty', '', 'no such table'],
    ['that is not there', undefined, 'There is no file'],
  ])('changes nothing with a file %s', async (_what, content, message) => {
    const wrong = join(dirname(file), 'wrong.db');
    if (content !== undefined) await writeFile(wrong, content);

    await expect(restore(wrong)).rejects.toThrow(message);

    expect(await readNames()).toEqual(['after', 'before']);
    expect((await readdir(place.dataDir)).filter((name) => /restor/.test(name))).toEqual([]);
  });

  it('does not say of a file that cannot be read that there is none', async () => {
    const loop = join(dirname(file), 'loop.db');
    symlinkSync(loop, loop);
    await expect(restore(loop)).rejects.toThrow(/^It cannot be read: ELOOP.*loop\.db/);
  });

  it('changes nothing with a file of which a part was overwritten', async () => {
    const bytes = await readFile(file);
    bytes.fill(0x55, 8 * 4096, 40 * 4096);
    await writeFile(file, bytes);

    await expect(restore()).rejects.toThrow('cannot be restored, and nothing was changed');

    expect(await readNames()).toEqual(['after', 'before']);
  });
});
