import type { Kysely } from 'kysely';
import type { InsertEvents } from '../../inbox/insert-events.ts';
import type { Schema } from '../schema.ts';
import type { Signals } from './signals.ts';

export type Engine = 'sqlite' | 'postgres';

export interface Database {
  engine: Engine;
  kysely: Kysely<Schema>;
  signals: Signals;
  insertEvents: InsertEvents;
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
