import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { OperatorError } from '../../errors.ts';
import type { Database } from '../../store/engines/database.ts';
import { createLocalSignals } from '../shared/local-signals.ts';
import { prepareBatches } from './batches.ts';
import { dialect } from './dialect.ts';
import {
  createPrivateFile,
  databaseFile,
  emptyLog,
  openSqliteFile,
  prepareFolder,
  restoringFile,
} from './file.ts';
import { lockDataFolder } from './instance-lock.ts';

/**
 * The driver is synchronous, so waiting for a lock stops the whole process. Only an operator's
 * tool can hold one (instance-lock keeps other instances out), and only for a moment.
 */
const BUSY_TIMEOUT_MS = 250;

/** Opens `{dataDir}/shopkeeper.db` for this process alone, creating what is missing. */
export async function openSqlite(dataDir: string): Promise<Database> {
  const folder = resolve(dataDir);
  prepareFolder(folder);
  const unlock = await lockDataFolder(folder);
  try {
    const path = databaseFile(folder);
    refuseHalfRestored(folder);
    refuseForeignLog(path);
    await createPrivateFile(path);
    const settings = { busyTimeoutMs: BUSY_TIMEOUT_MS, journalMode: 'wal' } as const;
    const { kysely, database, direct } = await openSqliteFile(path, settings);
    return {
      engine: 'sqlite',
      dialect,
      kysely,
      signals: createLocalSignals(),
      prepareBatch: prepareBatches(database, kysely),
      direct,
      async ping() {
        await sql`select 1`.execute(kysely);
      },
      forgetDeleted: () => emptyLog(kysely).catch(() => {}),
      async close() {
        // A disk that is full or gone must not keep the process from ending; the log stays then.
        await emptyLog(kysely).catch(() => {});
        await kysely.destroy();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Starting with an empty database would look as if every account had gone. */
function refuseHalfRestored(folder: string): void {
  const half = restoringFile(folder);
  if (existsSync(databaseFile(folder)) || !existsSync(half)) return;
  throw new OperatorError(
    `A restore into ${folder} was interrupted. Run it again: npm run restore -- <file>. ` +
      `To start with an empty database instead, delete ${half}.`,
  );
}

/**
 * SQLite would delete the log of a database that is gone, and play it into one that was put in its place:
 * a backup is no longer in the mode that has a log (bytes 18 and 19 of the header are 2,
 * https://www.sqlite.org/fileformat2.html#the_database_header).
 */
function refuseForeignLog(path: string): void {
  const log = `${path}-wal`;
  if (!existsSync(log) || statSync(log).size === 0) return;
  const header = existsSync(path) ? readHeader(path) : Buffer.alloc(0);
  if (header.length === 20 && header[18] === 2) return;
  throw new OperatorError(
    `${log} belongs to another database than ${path}, which ${header.length === 0 ? 'is empty or missing' : 'is a copy from elsewhere'}. ` +
      'To put a backup back: npm run restore -- <file>. ' +
      'Else bring back the file that was there, or move the log away to go on without what is in it.',
  );
}

function readHeader(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(20);
    return header.subarray(0, readSync(file, header, 0, header.length, 0));
  } finally {
    closeSync(file);
  }
}
