import { type Kysely, type Migration, sql } from 'kysely';

/** When an owner's browser was last seen, so that access nobody uses ends. */
export const lastVisits: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table installation_owners add column last_visit_at bigint not null default 0`.execute(
      db,
    );
    await sql`update installation_owners set last_visit_at = created_at`.execute(db);
  },
};
