import { copyFile, mkdir, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../../server/errors.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { DataFolderInUseError } from '../../../server/features/sqlite/instance-lock.ts';
import { createTestFolder, openDatabase } from '../../support/store/engines.ts';
import { startDatabaseProcess } from '../../support/process/database-process.ts';
import { features } from '../../../server/features.ts';

describe('the SQLite database', () => {
  let place: Awaited<ReturnType<typeof createTestFolder>>;
  const opened: Database[] = [];

  beforeEach(async () => {
    place = await createTestFolder();
  });
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
    await place.remove();
  });

  it('creates the folder and its files for our user alone', async () => {
    const { kysely } = await open();
    await sql`create table notes (text text)`.execute(kysely);

    expect(await modeOf(place.dataDir)).toBe('700');
    const files = await readdir(place.dataDir);
    expect(files.toSorted()).toEqual([
      'instance.lock',
      'shopkeeper.db',
      'shopkeeper.db-shm',
      'shopkeeper.db-wal',
    ]);
    for (const file of files) expect(await modeOf(join(place.dataDir, file))).toBe('600');
  });

  it.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['secure_delete', 1],
  ])('is opened with %s = %s', async (pragma, value) => {
    const { kysely } = await open();

    const { rows } = await sql`pragma ${sql.raw(pragma)}`.execute(kysely);

    expect(rows).toEqual([{ [pragma]: value }]);
  });

  it('keeps what was written when it is closed and opened again', async () => {
    const first = await open();
    await sql`create table notes (text text)`.execute(first.kysely);
    await sql`insert into notes values ('kept')`.execute(first.kysely);
    await closeAll();

    const { kysely } = await open();

    expect((await sql`select text from notes`.execute(kysely)).rows).toEqual([{ text: 'kept' }]);
  });

  it('can be read and backed up by a tool while it is open', async () => {
    const { kysely } = await open();
    await sql`create table notes (text text)`.execute(kysely);
    await sql`insert into notes values ('kept')`.execute(kysely);
    const backup = join(place.dataDir, 'backup.db');

    const tool = new Libsql(join(place.dataDir, 'shopkeeper.db'));
    tool.prepare('vacuum into ?').run(backup);
    tool.close();

    const copy = new Libsql(backup);
    expect(copy.prepare('select text from notes').all()).toEqual([{ text: 'kept' }]);
    copy.close();
  });

  it('keeps a second process away, telling it what to do', async () => {
    await open();

    const second = await startDatabaseProcess(place.dataDir);

    expect(second.report).toContain(place.dataDir);
    expect(second.report).toContain('Stop it first, or set DATABASE_URL');
    await second.kill();
  });

  it('is free again once the process that held it was killed', async () => {
    const holder = await startDatabaseProcess(place.dataDir);
    expect(holder.report).toBe('opened');
    await expect(open()).rejects.toThrow(DataFolderInUseError);
    await expect(open()).rejects.toMatchObject({ code: 'data_folder_in_use' });

    await holder.kill();

    await expect(open()).resolves.toMatchObject({ engine: 'sqlite' });
  });

  it('opens once at a time within one process too', async () => {
    await open();
    await expect(open()).rejects.toThrow(DataFolderInUseError);
    await closeAll();

    await expect(open()).resolves.toMatchObject({ engine: 'sqlite' });
  });

  it('names the file it cannot read, and lets go of the folder', async () => {
    const path = join(place.dataDir, 'shopkeeper.db');
    await mkdir(place.dataDir);
    await writeFile(path, 'this is no database, whatever its name says');

    await expect(open()).rejects.toThrow(`${path} cannot be used: it is not a SQLite database`);
    await writeFile(path, '');
    await expect(open()).resolves.toMatchObject({ engine: 'sqlite' });
  });

  it('names a file of which a part is missing', async () => {
    await migrate(await open(), features);
    await closeAll();
    await truncate(file(), 8 * 4096);

    await expect(open()).rejects.toThrow(
      /shopkeeper\.db cannot be used: it is damaged, or a part of it is missing .*npm run restore/,
    );
  });

  it('has everything in its file after it was closed, so that this may be copied alone', async () => {
    const { kysely } = await open();
    await sql`create table notes (text text)`.execute(kysely);
    await sql`insert into notes values ('kept')`.execute(kysely);
    await closeAll();
    const copy = join(place.dataDir, 'copy.db');

    await copyFile(file(), copy);

    const read = new Libsql(copy);
    expect(read.prepare('select text from notes').all()).toEqual([{ text: 'kept' }]);
    read.close();
  });

  it.each([
    ['is missing', 'is empty or missing', async () => rm(file())],
    ['is empty', 'is empty or missing', beginAnew],
    ['was put in its place', 'is a copy from elsewhere', replaceByBackup],
  ])('refuses the log of another database, when the file %s', async (_what, message, replace) => {
    await migrate(await open(), features);
    await copyFile(`${file()}-wal`, `${file()}.log`);
    await closeAll();
    await rename(`${file()}.log`, `${file()}-wal`);
    await replace();

    await expect(open()).rejects.toThrow(message);
    await expect(open()).rejects.toThrow(OperatorError);

    await rm(`${file()}-wal`);
    await expect(open()).resolves.toMatchObject({ engine: 'sqlite' });
  });

  it('answers a ping until it is closed', async () => {
    const database = await open();

    await expect(database.ping()).resolves.toBeUndefined();
    await closeAll();
    await expect(database.ping()).rejects.toThrow();
  });

  const file = () => join(place.dataDir, 'shopkeeper.db');

  /** In a new file: the driver lets go of a closed one only with its garbage. */
  async function beginAnew(): Promise<void> {
    await rm(file());
    await writeFile(file(), '');
  }

  /** As `cp` would, over the file and not over the log. */
  async function replaceByBackup(): Promise<void> {
    const backup = join(place.dataDir, 'backup.db');
    const tool = new Libsql(file());
    tool.prepare('vacuum into ?').run(backup);
    tool.close();
    await rename(backup, file());
  }

  async function open(): Promise<Database> {
    const database = await openDatabase({ dataDir: place.dataDir });
    opened.push(database);
    return database;
  }

  async function closeAll(): Promise<void> {
    for (const database of opened.splice(0)) await database.close();
  }
});

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}
