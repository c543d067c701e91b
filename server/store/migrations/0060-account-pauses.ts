import { type Kysely, type Migration, sql } from 'kysely';
import type { Engine } from '../engines/database.ts';

/**
 * While Zendesk limits an account it has a row here, so almost always the table is empty. `count` is that of
 * pauses in a row, without a call in between that succeeded.
 */
const pauses = `create table account_pauses (
  installation_id text primary key references installations (id) on delete cascade,
  paused_until bigint not null,
  count integer not null,
  is_probing integer not null
)`;

/** Byte by byte, as SQLite compares anyway: whole ranges of lanes are passed over by their first characters. */
const collation = `alter table events alter column conversation_key type text collate "C"`;

export function createAccountPausesMigration(engine: Engine): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await sql.raw(pauses).execute(db);
      if (engine === 'postgres') await sql.raw(collation).execute(db);
    },
  };
}
