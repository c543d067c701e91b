import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../../server/errors.ts';
import { backUpSqlite } from '../../../server/features/sqlite/back-up.ts';
import { databaseFile } from '../../../server/features/sqlite/file.ts';
import { lock } from '../../../server/features/sqlite/instance-lock.ts';
import { createTestFolder, openDatabase } from '../../support/store/engines.ts';

let place: Awaited<ReturnType<typeof createTestFolder>>;
let folder: string;
let file: string;
beforeEach(async () => {
  place = await createTestFolder();
  await (await openDatabase(place)).close();
  folder = join(dirname(place.dataDir), 'backups');
  file = join(folder, 'backup.db');
  await mkdir(folder);
});
afterEach(() => place.remove());

const backUp = (target = file) => backUpSqlite(databaseFile(place.dataDir), target);

describe('a backup of SQLite', () => {
  it('is one file, readable by its owner alone', async () => {
    await backUp();

    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['backup.db']);
  });

  it('does not overwrite a file', async () => {
    await writeFile(file, 'of somebody');

    await expect(backUp()).rejects.toThrow(`${file} exists already`);

    expect(await readFile(file, 'utf8')).toBe('of somebody');
    expect(await readdir(folder)).toEqual(['backup.db']);
  });

  it('takes the place of one that was interrupted', async () => {
    await writeFile(`${file}.part`, 'half');
    for (const beside of ['lock', 'journal']) await writeFile(`${file}.part-${beside}`, '');

    await backUp();

    expect(await readdir(folder)).toEqual(['backup.db']);
    expect((await readFile(file)).subarray(0, 13).toString()).toBe('SQLite format');
  });

  it('leaves the file to another one that is writing it', async () => {
    const unlock = await lock(`${file}.part-lock`, () => new OperatorError('It is taken.'));
    await writeFile(`${file}.part`, 'what that has written so far');

    await expect(backUp()).rejects.toThrow('is being written by another backup');

    expect(await readFile(`${file}.part`, 'utf8')).toBe('what that has written so far');
    unlock();
  });

  it('asks for a name in the folder that it was given', async () => {
    const example = join(folder, 'backup.db');
    await expect(backUp(folder)).rejects.toThrow(`for example ${example}.`);
  });

  // As beside a folder that is a mount in a file system that is read-only.
  it.runIf(existsSync('/proc/self'))('also where nothing can be made beside it', async () => {
    await expect(backUp('/proc/self')).rejects.toThrow(
      '/proc/self is a folder: name the file in it',
    );
  });

  it('says so when it cannot be written', async () => {
    await expect(backUp(join(folder, 'nowhere', 'backup.db'))).rejects.toThrow('cannot be written');
  });
});
