import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory on Linux; in a container it may be as small as 64 MB. */
const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 2 ** 30;

/**
 * A folder for all temporary files of the run, also for what test files leave behind when their process is
 * ended; it goes with the run. In memory where there is room: databases wait for the disk at each commit.
 */
export default function setUp(): () => void {
  // Where .ci/run puts it.
  process.env['PROVING_GROUND'] ??= join(tmpdir(), 'shopkeeper-proving-ground');
  const folder = mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), 'shopkeeper-run-'));
  // The PostgreSQL server runs as a user of its own.
  chmodSync(folder, 0o711);
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= ENOUGH_BYTES;
}
