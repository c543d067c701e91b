import { type Kysely, type Migration, sql } from 'kysely';

/** What came of an attempt is kept with it, for the same callback that arrives again, and goes with its installation. */
export const outcomesOfAttempts: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table oauth_attempts add column started_at bigint`.execute(db);
    await sql`alter table oauth_attempts add column outcome text`.execute(db);
    await sql`alter table oauth_attempts add column installation_id text
      references installations (id) on delete cascade`.execute(db);
    await sql`create index oauth_attempts_by_installation on oauth_attempts (installation_id)`.execute(
      db,
    );
  },
};
