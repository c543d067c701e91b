import type { Kysely } from 'kysely';
import type { Write } from '../inbox/settle.ts';
import type { Database, DatabasePlace } from '../store/engines/database.ts';
import type { Schema } from '../store/schema.ts';
import type { Finding } from './doctor/finding.ts';

/** A database that a command works with. */
export type CommandDatabase = Pick<Database, 'dialect' | 'kysely' | 'direct' | 'close'>;

/** What a kind of database has for the commands; see commandsOf() in open-beside-app.ts. */
export interface EngineCommands {
  /** As people write it. */
  name: string;
  /** Whether it was made already. @throws OperatorError when something else is in its place. */
  isThere: (place: DatabasePlace) => boolean;
  /**
   * Opens it while the app runs, without creating or migrating anything; with access to `read` nothing can
   * be written. @throws OperatorError when there is none, or none that answers.
   */
  openBesideApp: (place: DatabasePlace, access: 'read' | 'write') => Promise<CommandDatabase>;
  /** @throws OperatorError while an instance of the app runs. */
  openWithoutApp: (place: DatabasePlace) => Promise<CommandDatabase>;
  copies: FileCopies | OwnTools;
  /** Tries whether the disk of the data folder is fit for it. @throws OperatorError when it is not. */
  tryFolder?: (folder: string) => Promise<void>;
  /** What the doctor asks besides. */
  checks?: (database: CommandDatabase, place: DatabasePlace, now: () => number) => Check[];
}

/** One moment of it, as a file. */
interface FileCopies {
  /** Into a new file, readable by us alone, while the app goes on. @throws OperatorError */
  backUp: (place: DatabasePlace, target: string) => Promise<void>;
  putBack: (place: DatabasePlace, restore: Restore) => Promise<Restored>;
}

/** What to say instead, where the database has its own tools for that. */
interface OwnTools {
  describeBackUp: (place: DatabasePlace) => string;
  describeRestore: (place: DatabasePlace, file: string) => string;
}

export interface Restore {
  file: string;
  /** What the replaced database knows and the backup does not: see RestoreSources. */
  readReplaced: (kysely: Kysely<Schema>) => Promise<Write[]>;
  /** Makes the copy one that the app may start with, and writes into it what is known. */
  prepare: (
    database: Pick<Database, 'dialect' | 'kysely' | 'direct'>,
    known: readonly Write[],
  ) => Promise<void>;
  now: () => number;
}

/** Where it is found what happened since a backup was made; each returns what writes it down. */
export interface RestoreSources {
  /** In the database that is replaced. */
  readDatabase: (kysely: Kysely<Schema>) => Promise<Write>;
  /** In a file, which the command takes under this name. */
  option: string;
  readFile: (text: string) => Write;
  /** What the command says when it was found nowhere. */
  missing: string;
}

export interface Restored {
  /** The folder with the database that was there. */
  movedTo: string | undefined;
  /** Whether that one could still be read. */
  isRead: boolean;
}

interface Check {
  check: string;
  run: () => Promise<Finding>;
}
