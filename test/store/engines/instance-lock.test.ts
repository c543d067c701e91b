import type * as LibsqlModule from 'libsql';
import { mkdir, readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkDataFolder } from '../../../server/commands/doctor/check-data-folder.ts';
import {
  DataFolderInUseError,
  lockDataFolder,
} from '../../../server/store/engines/instance-lock.ts';
import { createTestFolder } from '../../support/engines.ts';

/** What a lock fails with, because a test cannot mount a disk without locks. */
const disk = vi.hoisted(() => ({ failure: undefined as string | undefined }));

vi.mock('libsql', async (load) => {
  const { default: Libsql } = await load<typeof LibsqlModule>();
  class DiskWithoutLocks extends Libsql {
    override exec(source: string) {
      if (disk.failure !== undefined && source.includes('begin exclusive'))
        throw new Libsql.SqliteError('it failed', disk.failure, 5);
      return super.exec(source);
    }
  }
  return { default: DiskWithoutLocks };
});

describe('a disk', () => {
  let place: Awaited<ReturnType<typeof createTestFolder>>;
  beforeEach(async () => {
    place = await createTestFolder();
    await mkdir(place.dataDir);
  });
  afterEach(async () => {
    disk.failure = undefined;
    await place.remove();
  });

  it('with locks is told from another process that holds one', async () => {
    const unlock = await lockDataFolder(place.dataDir);

    await expect(lockDataFolder(place.dataDir)).rejects.toThrow(DataFolderInUseError);
    expect(await checkDataFolder(place.dataDir)).toMatchObject({ status: 'ok' });
    unlock();
  });

  it('without locks is named by the start and the doctor, which offer PostgreSQL', async () => {
    disk.failure = 'SQLITE_BUSY';

    const refused = lockDataFolder(place.dataDir);

    await expect(refused).rejects.not.toThrow(DataFolderInUseError);
    await expect(refused).rejects.toThrow(/has no file locks.*NFS.*DATABASE_URL/);
    expect(await checkDataFolder(place.dataDir)).toMatchObject({
      status: 'problem',
      text: expect.stringContaining('has no file locks'),
    });
  });

  it('that fails is named, and the reason', async () => {
    disk.failure = 'SQLITE_IOERR_LOCK';

    await expect(lockDataFolder(place.dataDir)).rejects.toThrow(
      /the disk failed \(SQLITE_IOERR_LOCK: .*NFS.*DATABASE_URL/,
    );
  });

  it('keeps nothing of a test', async () => {
    (await lockDataFolder(place.dataDir))();
    await checkDataFolder(place.dataDir);

    expect(await readdir(place.dataDir)).toEqual(['instance.lock']);
  });
});
