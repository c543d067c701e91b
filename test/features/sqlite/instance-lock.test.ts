import { mkdir, readdir } from 'node:fs/promises';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkDataFolder } from '../../../server/commands/doctor/check-database.ts';
import {
  DataFolderInUseError,
  lockDataFolder,
  tryLock,
} from '../../../server/features/sqlite/instance-lock.ts';
import { createTestFolder } from '../../support/store/engines.ts';

/** What locks fail with from now on, because a test cannot mount a disk without locks. */
function failLocks(code: string): void {
  // Called below with the database it belongs to.
  // oxlint-disable-next-line typescript/unbound-method
  const { exec } = Libsql.prototype;
  vi.spyOn(Libsql.prototype, 'exec').mockImplementation(function failing(
    this: Libsql.Database,
    source: string,
  ) {
    if (source.includes('begin exclusive')) throw new Libsql.SqliteError('it failed', code, 5);
    return exec.call(this, source);
  });
}

describe('a disk', () => {
  let place: Awaited<ReturnType<typeof createTestFolder>>;
  beforeEach(async () => {
    place = await createTestFolder();
    await mkdir(place.dataDir);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await place.remove();
  });

  it('with locks is told from another process that holds one', async () => {
    const unlock = await lockDataFolder(place.dataDir);

    await expect(lockDataFolder(place.dataDir)).rejects.toThrow(DataFolderInUseError);
    expect(await checkDataFolder(place.dataDir, { tryFolder: tryLock })).toMatchObject({
      status: 'ok',
    });
    unlock();
  });

  it('without locks is named by the start and the doctor, which offer PostgreSQL', async () => {
    failLocks('SQLITE_BUSY');

    const refused = lockDataFolder(place.dataDir);

    await expect(refused).rejects.not.toThrow(DataFolderInUseError);
    await expect(refused).rejects.toThrow(/has no file locks.*NFS.*DATABASE_URL/);
    expect(await checkDataFolder(place.dataDir, { tryFolder: tryLock })).toMatchObject({
      status: 'problem',
      text: expect.stringContaining('has no file locks'),
    });
  });

  it('that fails is named, and the reason', async () => {
    failLocks('SQLITE_IOERR_LOCK');

    await expect(lockDataFolder(place.dataDir)).rejects.toThrow(
      /the disk failed \(SQLITE_IOERR_LOCK: .*NFS.*DATABASE_URL/,
    );
  });

  it('keeps nothing of a test', async () => {
    (await lockDataFolder(place.dataDir))();
    await checkDataFolder(place.dataDir, { tryFolder: tryLock });

    expect(await readdir(place.dataDir)).toEqual(['instance.lock']);
  });
});
