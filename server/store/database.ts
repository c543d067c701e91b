import type { Kysely } from 'kysely';
import type { InsertEvents } from './insert-events.ts';
import type { Schema } from './schema.ts';
import type { Signals } from './signals.ts';

export type Engine = 'sqlite' | 'postgres';

export interface Database {
  engine: Engine;
  kysely: Kysely<Schema>;
  signals: Signals;
  insertEvents: InsertEvents;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
