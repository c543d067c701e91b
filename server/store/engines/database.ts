import type { Kysely } from 'kysely';
import { codeOf } from '../../errors.ts';
import type { Schema } from '../schema.ts';
import type { PrepareInsert } from './bulk-insert.ts';
import type { Signals } from './signals.ts';

export type Engine = 'sqlite' | 'postgres';

/** Where the database is. */
export interface DatabasePlace {
  databaseUrl?: string | undefined;
  /** When `databaseUrl` leads through a pooler: PostgreSQL itself. */
  databaseDirectUrl?: string | undefined;
  dataDir: string;
}

export interface Database {
  engine: Engine;
  kysely: Kysely<Schema>;
  signals: Signals;
  prepareInsert: PrepareInsert;
  /**
   * Runs the work on a connection to the database itself, past any pooler, that keeps what is set on it and
   * has no limit of time. @throws OperatorError when there is none to be had.
   */
  direct: <Result>(work: (connection: Kysely<Schema>) => Promise<Result>) => Promise<Result>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /**
   * Takes what was deleted out of the files as well. Never rejects: what is left is for the next time, an
   * hour later at most.
   */
  forgetDeleted: () => Promise<void>;
  close(): Promise<void>;
}

/** What a store works with; `now` in epoch milliseconds. */
export interface StoreDeps {
  database: Database;
  now: () => number;
}

const FOREIGN_KEY_VIOLATION = new Set<string | undefined>([
  '23503',
  'SQLITE_CONSTRAINT_FOREIGNKEY',
]);
const UNIQUE_VIOLATION = new Set<string | undefined>(['23505', 'SQLITE_CONSTRAINT_UNIQUE']);

/** Whether a write failed because the row it belongs to is gone, for example a removed installation. */
export function isForeignKeyViolation(error: unknown): boolean {
  return FOREIGN_KEY_VIOLATION.has(codeOf(error));
}

/** Whether a write failed because another row has the same name. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATION.has(codeOf(error));
}

/** For `like … escape '\'`: whatever holds the text somewhere. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
