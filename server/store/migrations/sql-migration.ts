import { type Kysely, type Migration, sql } from 'kysely';
import type { Engine } from '../engines/database.ts';

/** What the engines spell differently. */
export interface Dialect {
  /** The type of a column that numbers the rows, as primary key. */
  rowNumber: string;
  /** Compares text byte by byte, whatever language the database is set to. */
  bytewise: string;
}

const DIALECTS: Record<Engine, Dialect> = {
  sqlite: { rowNumber: 'integer primary key autoincrement', bytewise: 'collate BINARY' },
  postgres: {
    rowNumber: 'bigint generated always as identity primary key',
    bytewise: 'collate "C"',
  },
};

export type CreateMigration = (engine: Engine) => Migration;

/** A migration of statements that are otherwise the same for both engines. */
export function sqlMigration(write: (dialect: Dialect) => readonly string[]): CreateMigration {
  return (engine) => ({
    async up(db: Kysely<unknown>) {
      for (const statement of write(DIALECTS[engine])) await sql.raw(statement).execute(db);
    },
  });
}
