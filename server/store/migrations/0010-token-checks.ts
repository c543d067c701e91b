import { type Kysely, type Migration, sql } from 'kysely';

/** How far the question is whether Zendesk still accepts an installation's token. */
export const tokenChecks: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table token_checks (
      installation_id text primary key references installations (id) on delete cascade,
      reported_at bigint,
      accepted_looks integer not null,
      rejected_at bigint
    )`.execute(db);
  },
};
