import type { Generated, Selectable } from 'kysely';
import { codeOf } from '../../../errors.ts';
import type { SecretOwnerKind } from '../../../store/secrets/secrets.ts';

declare module '../../../store/schema.ts' {
  interface Schema {
    oauth_clients: OAuthClientTable;
    connections: ConnectionTable;
    connection_history: ConnectionHistoryTable;
    connection_notices: ConnectionNoticeTable;
    reconnect_links: ReconnectLinkTable;
    deleted_connections: DeletedConnectionTable;
  }
}

export type OAuthClient = Selectable<OAuthClientTable>;
export type Connection = Selectable<ConnectionTable>;
export type DeletedConnection = Selectable<DeletedConnectionTable>;
export type ReconnectLink = Selectable<ReconnectLinkTable>;
export type ConnectionNotice = Selectable<ConnectionNoticeTable>;

const UNIQUE_VIOLATION = new Set<string | undefined>(['23505', 'SQLITE_CONSTRAINT_UNIQUE']);

/** Whether a write failed because another row has the same name. */
export function isUniqueViolation(error: unknown): boolean {
  return UNIQUE_VIOLATION.has(codeOf(error));
}

/** Their secrets go with them. */
export const secretOwners: readonly SecretOwnerKind[] = [
  { kind: 'connection', table: 'connections', noun: 'the connection' },
  { kind: 'oauth_client', table: 'oauth_clients', noun: 'the OAuth client' },
];

/** Under this owner a connection keeps its secrets. */
export function connectionOwner(connectionId: string): string {
  return `connection:${connectionId}`;
}

/** The same for an OAuth client. */
export function oauthClientOwner(oauthClientId: string): string {
  return `oauth_client:${oauthClientId}`;
}

/** Credentials of our app at a provider, used by any number of connections; the secret is a secret. */
interface OAuthClientTable {
  id: string;
  installation_id: string;
  provider: string;
  name: string;
  client_id: string;
  created_at: number;
  updated_at: number;
}

export type ConnectionStatus = 'connected' | 'needs_reconnect' | 'failing' | 'disabled';

/** What was told last of a connection, to whoever wants to know. */
export type Told = 'working' | 'broken';

/** `custom`: the account's own credentials, as Zoom's Server-to-Server OAuth has them. */
export type AuthType = 'oauth2' | 'custom';

export interface ConnectionTable {
  id: string;
  installation_id: string;
  provider: string;
  /** Unique within the installation. */
  name: string;
  auth_type: AuthType;
  /** For `oauth2`; null: the one that the deployment brings. */
  oauth_client_id: string | null;
  /** These three are set for `custom`, the last one only if the owner chose it. */
  account_id: string | null;
  /** Also of the deployment's OAuth client, as it was authorized. */
  client_id: string | null;
  host_user: string | null;
  status: ConnectionStatus;
  /** Why the status is what it is, in words; also what is missing while connected. */
  reason: string | null;
  /** When a call last changed the status; null: none has. */
  status_since: number | null;
  told: Generated<Told>;
  /** How many calls may run at once in each instance, 1 to 50. */
  concurrency: Generated<number>;
  /** Until when its calls are written into the timeline; null: they are not. */
  debug_until: number | null;
  /** Who gave access, as the provider names them. */
  provider_user_id: string | null;
  provider_account_id: string | null;
  connected_as: string | null;
  /** When access was given last; null: never. */
  connected_at: number | null;
  /** The attempt that gave it, so that a reloaded callback finds the connection's page. */
  state_hash: string | null;
  /** The API address that came with the token. */
  api_url: string | null;
  token_expires_at: number | null;
  /** What the token allows, with spaces in between; null: the provider does not say. */
  scopes: string | null;
  last_tested_at: number | null;
  last_used_at: number | null;
  /** When the next check by itself is due; null: none. */
  check_at: number | null;
  created_at: number;
  updated_at: number;
}

/** What is still to be told, to each channel by itself. */
interface ConnectionNoticeTable {
  /** In the order in which it happened. */
  seq: Generated<number>;
  /** The same when it is sent again: the receiver knows a repetition by it. */
  id: string;
  connection_id: string;
  channel: 'webhook' | 'mail';
  /** JSON, as it is sent. */
  body: string;
  /** Those that were begun. */
  attempts: number;
  due_at: number;
}

/** Without its secrets, which are gone. */
interface DeletedConnectionTable {
  /** That it had, and gets back. */
  id: string;
  installation_id: string;
  name: string;
  /** JSON: its settings and its history. */
  kept: string;
  deleted_at: number;
}

interface ReconnectLinkTable {
  /** In addresses; worth nothing without the browser that opened the link. */
  id: string;
  connection_id: string;
  /** SHA-256, in hex, of the token in the link. */
  token_hash: string;
  /** The owner id of the browser that made it. */
  created_by: string;
  /** What its maker wrote about who asks; may be empty. */
  asked_by: string;
  expires_at: number;
  used_at: number | null;
}

interface ConnectionHistoryTable {
  id: Generated<number>;
  connection_id: string;
  /** The owner id of a browser, or who did it without one: see connection-history.ts. */
  actor: string;
  text: string;
  /** JSON: `[{ field, from, to }]`, never with a secret or with who gave access. */
  changes: string;
  at: number;
}
