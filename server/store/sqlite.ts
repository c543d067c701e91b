import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { OperatorError } from '../operator-error.ts';
import type { Database } from './database.ts';
import { databaseFile, restoringFile } from './database-file.ts';
import { createSqliteInsert } from './insert-events.ts';
import { lockDataFolder } from './instance-lock.ts';
import { prepareDataFolder } from './prepare-data-folder.ts';
import { createPrivateFile } from './private-file.ts';
import { createLocalSignals } from './signals.ts';
import { openSqliteFile } from './sqlite-file.ts';

/**
 * The driver is synchronous, so waiting for a lock stops the whole process. Only an operator's
 * tool can hold one (instance-lock keeps other instances out), and only for a moment.
 */
const BUSY_TIMEOUT_MS = 250;

/** Opens `{dataDir}/shopkeeper.db` for this process alone, creating what is missing. */
export async function openSqlite(dataDir: string): Promise<Database> {
  const folder = resolve(dataDir);
  prepareDataFolder(folder);
  const unlock = await lockDataFolder(folder);
  try {
    const path = databaseFile(folder);
    refuseHalfRestored(folder);
    await createPrivateFile(path);
    const settings = { busyTimeoutMs: BUSY_TIMEOUT_MS, journalMode: 'wal' } as const;
    const { kysely, database } = await openSqliteFile(path, settings);
    return {
      engine: 'sqlite',
      kysely,
      signals: createLocalSignals(),
      insertEvents: createSqliteInsert(database, kysely),
      async ping() {
        await sql`select 1`.execute(kysely);
      },
      async close() {
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
