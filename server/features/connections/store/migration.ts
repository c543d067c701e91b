import type { Dialect } from '../../../store/engines/database.ts';

/** Connections to other services, and the OAuth clients they are made with. */
export const connectionsMigration = ({ rowNumber }: Dialect) => [
  `create table oauth_clients (
    id text primary key,
    installation_id text not null references installations (id) on delete cascade,
    provider text not null,
    name text not null,
    client_id text not null,
    created_at bigint not null,
    updated_at bigint not null
  )`,
  // The client's key is checked at the end of the transaction: an installation takes both along.
  `create table connections (
    id text primary key,
    installation_id text not null references installations (id) on delete cascade,
    provider text not null,
    name text not null,
    auth_type text not null,
    oauth_client_id text references oauth_clients (id) deferrable initially deferred,
    account_id text,
    client_id text,
    host_user text,
    status text not null,
    reason text,
    status_since bigint,
    told text not null default 'working',
    concurrency bigint not null default 5,
    debug_until bigint,
    provider_user_id text,
    provider_account_id text,
    connected_as text,
    connected_at bigint,
    state_hash text,
    api_url text,
    token_expires_at bigint,
    scopes text,
    last_tested_at bigint,
    last_used_at bigint,
    check_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    unique (installation_id, name)
  )`,
  `create table connection_history (
    id ${rowNumber},
    connection_id text not null references connections (id) on delete cascade,
    actor text not null,
    text text not null,
    changes text not null,
    at bigint not null
  )`,
  `create table deleted_connections (
    id text primary key,
    installation_id text not null references installations (id) on delete cascade,
    name text not null,
    kept text not null,
    deleted_at bigint not null
  )`,
  `create table reconnect_links (
    id text primary key,
    connection_id text not null references connections (id) on delete cascade,
    token_hash text not null unique,
    created_by text not null,
    asked_by text not null,
    expires_at bigint not null,
    used_at bigint
  )`,
  `create table connection_notices (
    seq ${rowNumber},
    id text not null unique,
    connection_id text not null references connections (id) on delete cascade,
    channel text not null,
    body text not null,
    attempts bigint not null,
    due_at bigint not null
  )`,
  `alter table secrets add column connection_id text references connections (id) on delete cascade`,
  `alter table secrets add column oauth_client_id text references oauth_clients (id) on delete cascade`,
  `create index oauth_clients_by_installation on oauth_clients (installation_id)`,
  `create index connections_by_client on connections (oauth_client_id)`,
  `create index connections_by_user on connections (provider, provider_user_id)`,
  `create index connections_by_state on connections (state_hash)`,
  `create index connections_due on connections (check_at) where check_at is not null`,
  `create index connection_history_by_connection on connection_history (connection_id, id)`,
  `create index deleted_connections_by_installation on deleted_connections (installation_id)`,
  `create index reconnect_links_by_connection on reconnect_links (connection_id)`,
  `create index connection_notices_due on connection_notices (due_at)`,
  `create index connection_notices_by_connection on connection_notices (connection_id, channel, seq)`,
  `create index secrets_by_connection on secrets (connection_id) where connection_id is not null`,
  `create index secrets_by_oauth_client on secrets (oauth_client_id) where oauth_client_id is not null`,
];
