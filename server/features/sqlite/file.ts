import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Kysely, SqliteDialect, sql } from 'kysely';
import Libsql from 'libsql';
import { codeOf, messageOf, OperatorError } from '../../errors.ts';
import { prepareDataFolder } from '../shared/data-folder.ts';
import type { Database } from '../../store/engines/database.ts';
import type { Schema } from '../../store/schema.ts';
import { createStatementSource } from './statements.ts';

/** Where SQLite's file is in a data folder; while it is open, `-wal` and `-shm` beside it belong to it. */
export function databaseFile(dataDir: string): string {
  return resolve(dataDir, 'shopkeeper.db');
}

export function lockFile(dataDir: string): string {
  return resolve(dataDir, 'instance.lock');
}

/** Where a restore prepares the new database; beside no other one, it was interrupted in its last steps. */
export function restoringFile(dataDir: string): string {
  return `${databaseFile(dataDir)}.restoring`;
}

/** @throws OperatorError saying what is in the way of the folder, or of a file of ours in it. */
export function prepareFolder(dataDir: string): void {
  prepareDataFolder(dataDir, [databaseFile(dataDir), lockFile(dataDir)]);
}

/**
 * Creates the file if it is missing, readable by us alone: SQLite would let everybody read it.
 * Its -wal and -shm files copy the mode.
 */
export async function createPrivateFile(path: string): Promise<void> {
  const file = await open(path, 'a', 0o600);
  await file.close();
}

/** 16 MB. */
const PAGES_BETWEEN_CHECKPOINTS = 4_000;

const RESTORE =
  'Put a backup back: npm run restore -- <file>. To start with an empty one instead, move it away with the files beside it';
const RIGHTS =
  'Give the folder with everything in it to the user the app runs as, or set DATA_DIR to another one';
const LOCAL_DISK =
  'Look into the log of the machine. SQLite wants a local disk: on NFS and SMB, files cannot be ' +
  'locked or shared reliably. Set DATA_DIR to a local folder, or DATABASE_URL to a PostgreSQL database';

/** What a code begins with (https://www.sqlite.org/rescode.html), what it means, and what to do. */
const OBSTACLES = [
  ['SQLITE_NOTADB', 'it is not a SQLite database', RESTORE],
  ['SQLITE_CORRUPT', 'it is damaged, or a part of it is missing', RESTORE],
  ['SQLITE_FULL', 'the disk is full', 'Make room'],
  // SQLite's shared memory is a file beside the database, which grows when it is opened.
  ['SQLITE_IOERR_SHMSIZE', 'the disk is full', 'Make room'],
  ['SQLITE_READONLY', 'it cannot be written', RIGHTS],
  ['SQLITE_PERM', 'it may not be opened', RIGHTS],
  ['SQLITE_CANTOPEN', 'it, or a file beside it, cannot be opened', RIGHTS],
  ['SQLITE_IOERR', 'the disk failed', LOCAL_DISK],
  ['SQLITE_BUSY', 'another program keeps it locked', 'Stop that, or wait until it is done'],
] as const;

/** What SQLite could not do with a file, as one sentence and what to do; undefined for another's error. */
export function explainSqliteFailure(error: unknown, path: string): OperatorError | undefined {
  const code = codeOf(error);
  const obstacle = OBSTACLES.find(([prefix]) => code?.startsWith(prefix));
  if (obstacle === undefined) return undefined;
  const [, what, fix] = obstacle;
  return new OperatorError(
    `The database file ${path} cannot be used: ${what} (${code}: ${messageOf(error)}). ${fix}.`,
    { cause: error },
  );
}

/**
 * Opens a SQLite file with the settings we count on. The journal mode is kept in the file, so only who
 * owns it chooses one; `delete` leaves no other file beside it.
 * @throws OperatorError saying what is wrong with the file.
 */
export async function openSqliteFile(
  address: string,
  options: {
    busyTimeoutMs: number;
    journalMode?: 'wal' | 'delete';
    /** For people, where the address is a URL. */
    path?: string;
  },
) {
  const { path = address } = options;
  let opened: Kysely<Schema> | undefined;
  try {
    const database = new Libsql(address);
    const dialect = new SqliteDialect({ database: createStatementSource(database) });
    const kysely = (opened = new Kysely<Schema>({ dialect }));
    for (const setting of [
      `busy_timeout = ${options.busyTimeoutMs}`,
      ...(options.journalMode === undefined ? [] : [`journal_mode = ${options.journalMode}`]),
      // An acknowledged event must survive a power cut, not only a crash of the process.
      'synchronous = full',
      // Of the log; with SQLite's 1000 a busy app copies the same pages into the file eight times a second.
      `wal_autocheckpoint = ${PAGES_BETWEEN_CHECKPOINTS}`,
      'foreign_keys = on',
      // What is deleted is overwritten, not only forgotten.
      'secure_delete = on',
    ])
      await sql.raw(`pragma ${setting}`).execute(kysely);
    // Reads the file for the first time, so what is wrong with it shows here.
    await sql`select count(*) from sqlite_master`.execute(kysely);
    const direct: Database['direct'] = (work) =>
      kysely
        .connection()
        .execute(work)
        .catch((error: unknown) => {
          throw explainSqliteFailure(error, path) ?? error;
        });
    return { kysely, database, direct };
  } catch (error) {
    await opened?.destroy();
    const unknown = new Error(`Could not open the database file ${path}`, { cause: error });
    throw explainSqliteFailure(error, path) ?? unknown;
  }
}

/**
 * Moves what is in the log into the file and empties the log, where copies of deleted rows would stay, and
 * without which a copy of the file is not complete. While another program reads the file, nothing happens.
 */
export async function emptyLog(kysely: Kysely<Schema>): Promise<void> {
  await sql`pragma wal_checkpoint(truncate)`.execute(kysely);
}
