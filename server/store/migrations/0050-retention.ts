import { type Kysely, type Migration, sql } from 'kysely';

/** What every state needs to have an end, and what a removal leaves behind so that it stays one. */
export const retention: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

/**
 * The index on settled events is paid for when an event is settled, not when it is acknowledged: of what is
 * ignored unread, no row leads to a conversation.
 */
const statements = [
  `alter table installations add column status_at bigint not null default 0`,
  `alter table installations add column last_removal_at bigint`,
  `update installations set status_at = updated_at`,
  `create table merges (
    installation_id text not null references installations (id) on delete cascade,
    kind text not null,
    discarded_id text not null,
    surviving_id text not null,
    at bigint not null,
    primary key (installation_id, kind, discarded_id)
  )`,
  `create index merges_by_survivor on merges (installation_id, kind, surviving_id)`,
  // Without a foreign key: it outlives the installation, and a restore.
  `create table removals (
    hash text primary key,
    at bigint not null
  )`,
  `create index removals_by_time on removals (at)`,
  `create index events_by_conversation on events (conversation_key)
    where state in ('done', 'ignored', 'failed') and (attempts > 0 or payload is not null)`,
  `create index activity_by_conversation on activity (conversation_key)
    where conversation_key is not null`,
];
