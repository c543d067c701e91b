import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import type { Signals } from './signals.ts';

export type Engine = 'sqlite' | 'postgres';

export interface Database {
  engine: Engine;
  kysely: Kysely<Schema>;
  signals: Signals;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
