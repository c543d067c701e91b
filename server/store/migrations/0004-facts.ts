import { type Kysely, type Migration, sql } from 'kysely';

/** What the app remembers about itself, one row each. */
export function createFactsMigration(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await sql`create table app_state (name text primary key, value text not null)`.execute(db);
    },
  };
}
