import { type Kysely, type Migration, sql } from 'kysely';

/** What came of an attempt is kept with it, for the same callback that arrives again. */
export const outcomesOfAttempts: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table oauth_attempts add column started_at bigint`.execute(db);
    await sql`alter table oauth_attempts add column outcome text`.execute(db);
  },
};
