import type { Dialect } from '../engines/database.ts';

/** Also makes an insert fail that comes after the removal of its installation. */
const belongsTo = 'references installations (id) on delete cascade';

export const initial = (dialect: Dialect): string[] => [...createTables(dialect), ...indexes];

const createTables = ({ rowNumber, bytewise }: Dialect): string[] => [
  `create table installations (
    id text primary key,
    app_id text unique,
    subdomain text,
    display_name text not null,
    integration_id text,
    status text not null,
    status_at bigint not null,
    webhook_id text,
    webhook_target text,
    created_at bigint not null,
    updated_at bigint not null
  )`,
  `create table installation_owners (
    owner_id text not null,
    installation_id text not null ${belongsTo},
    state_hash text not null,
    created_at bigint not null,
    primary key (owner_id, installation_id)
  )`,
  `create table secrets (
    owner text not null,
    field text not null,
    installation_id text ${belongsTo},
    key_id text not null,
    ciphertext text not null,
    updated_at bigint not null,
    primary key (owner, field)
  )`,
  `create table oauth_attempts (
    state_hash text primary key,
    cookie_hash text not null,
    owner_id text not null,
    provider text not null,
    return_to text,
    started_at bigint,
    outcome text,
    installation_id text ${belongsTo},
    created_at bigint not null,
    expires_at bigint not null
  )`,
  // Byte by byte, so that whole ranges of conversations are passed over by their first characters. Without a
  // foreign key, which would have to find the events of an installation by an index of their own: whoever
  // inserts one looks whether its installation is there (whileThere in tables/installations.ts).
  `create table events (
    seq ${rowNumber},
    installation_id text not null,
    event_id text not null,
    type text not null,
    conversation_key text ${bytewise} not null,
    payload text,
    state text not null,
    attempts integer not null,
    attempts_allowed integer not null,
    run_at bigint not null,
    lease_owner text,
    lease_until bigint,
    note text,
    received_at bigint not null,
    settled_at bigint,
    unique (event_id, installation_id)
  )`,
  `create table conversations (
    installation_id text not null ${belongsTo},
    conversation_id text not null,
    user_id text,
    controller text,
    handed_off_at bigint,
    last_event_at bigint not null,
    primary key (installation_id, conversation_id)
  )`,
  `create table sessions (
    sid text primary key,
    data text not null,
    expires_at bigint not null
  )`,
  `create table locks (
    name text primary key,
    holder text not null,
    held_until bigint not null
  )`,
  `create table app_state (
    name text primary key,
    value text not null
  )`,
];

/**
 * The indexes on events are partial: looking for work costs the same however many events have been
 * settled. SQLite uses one only for a query that spells the state as a literal, not as a parameter.
 */
const indexes = [
  `create index installation_owners_by_installation on installation_owners (installation_id)`,
  `create index secrets_by_installation on secrets (installation_id)`,
  `create index oauth_attempts_by_owner on oauth_attempts (owner_id, provider)`,
  `create index oauth_attempts_by_installation on oauth_attempts (installation_id)`,
  `create index oauth_attempts_by_expiry on oauth_attempts (expires_at)`,
  `create index events_unsettled on events (conversation_key, seq)
    where state in ('waiting', 'working')`,
  // One at a time per conversation, even when two instances claim in the moment of a replay. It also
  // finds what is leased, which is never much.
  `create unique index events_working on events (conversation_key) where state = 'working'`,
  `create index events_failed on events (installation_id, seq) where state = 'failed'`,
  `create index events_with_payload on events (settled_at)
    where settled_at is not null and payload is not null`,
  // Paid for when an event is settled, not when it is acknowledged.
  `create index events_settled on events (conversation_key, seq)
    where state in ('done', 'ignored', 'failed')`,
  `create index conversations_by_time on conversations (installation_id, last_event_at)`,
  `create index conversations_by_user on conversations (installation_id, user_id)`,
  `create index sessions_by_expiry on sessions (expires_at)`,
];
