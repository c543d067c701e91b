import { type Kysely, type Migration, sql } from 'kysely';
import type { Dialect } from '../engines/database.ts';

export type CreateMigration = (dialect: Dialect) => Migration;

/** A migration of statements that are otherwise the same for every database. */
export function sqlMigration(write: (dialect: Dialect) => readonly string[]): CreateMigration {
  return (dialect) => ({
    async up(db: Kysely<unknown>) {
      for (const statement of write(dialect)) await sql.raw(statement).execute(db);
    },
  });
}
