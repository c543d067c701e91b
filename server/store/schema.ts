import type { Generated, Insertable, Selectable } from 'kysely';

/**
 * Every time is epoch milliseconds, every id is text, so both engines store the same thing. A feature adds
 * its tables to this interface.
 */
export interface Schema {
  installations: InstallationTable;
  installation_owners: InstallationOwnerTable;
  secrets: SecretTable;
  oauth_attempts: OAuthAttemptTable;
  events: EventTable;
  conversations: ConversationTable;
  sessions: SessionTable;
  locks: LockTable;
  app_state: { name: string; value: string };
}

/** `checking`: whether Zendesk still accepts our token; `revoked`: it does not; `removing`: its owner said so. */
export type InstallationStatus = 'installing' | 'active' | 'checking' | 'revoked' | 'removing';

export interface InstallationTable {
  /** Random 128 bits as hex; part of the webhook path, so it must not be guessable. */
  id: string;
  /** Unknown until tokenInfo has answered; unique afterwards. */
  app_id: string | null;
  subdomain: string | null;
  display_name: string;
  /** Learned from the first event in which we are in control. */
  integration_id: string | null;
  status: InstallationStatus;
  /** Since when it has that status: each but `active` has an end. */
  status_at: number;
  webhook_id: string | null;
  /** The target the webhook was last set to; differs from ours after PUBLIC_URL changed. */
  webhook_target: string | null;
  created_at: number;
  updated_at: number;
}

export interface InstallationOwnerTable {
  owner_id: string;
  installation_id: string;
  /** The attempt that granted the ownership, so that a reloaded callback finds its installation. */
  state_hash: string;
  created_at: number;
}

export interface SecretTable {
  /** For example `installation:{id}`. */
  owner: string;
  /** For example `access_token`. */
  field: string;
  /** Set for the secrets of an installation, so that none can be left or added when it is gone. */
  installation_id: string | null;
  key_id: string;
  /** Base64 of nonce, tag and data. */
  ciphertext: string;
  updated_at: number;
}

interface OAuthAttemptTable {
  state_hash: string;
  cookie_hash: string;
  owner_id: string;
  provider: string;
  return_to: string | null;
  /** When its code was sent to the service: that happens once. */
  started_at: number | null;
  /** What came of it, as JSON of oauth/attempts.ts. */
  outcome: string | null;
  /** The installation it is for or led to: when that goes, nothing here shall name it. */
  installation_id: string | null;
  created_at: number;
  expires_at: number;
}

export type EventState = 'waiting' | 'working' | 'done' | 'ignored' | 'failed';

export interface EventTable {
  /** Order of acknowledgement, then of the batch. */
  seq: Generated<number>;
  installation_id: string;
  event_id: string;
  type: string;
  /** `{installationId}/{conversationId}`: events of one key are handled one at a time, in order. */
  conversation_key: string;
  /** The event as JSON text (not jsonb: that refuses \u0000); null once it has been dropped. */
  payload: string | null;
  state: EventState;
  /** How often a handler was started, over the whole life of the event. */
  attempts: number;
  /** The number of attempts after which the event is given up; a replay raises it. */
  attempts_allowed: number;
  run_at: number;
  lease_owner: string | null;
  lease_until: number | null;
  /** Why it was ignored, retried or failed, in words. */
  note: string | null;
  received_at: number;
  settled_at: number | null;
}

interface ConversationTable {
  installation_id: string;
  conversation_id: string;
  user_id: string | null;
  /** Who had it after the last event, as `nameController` names them; `handed over` while nobody can know. */
  controller: string | null;
  handed_off_at: number | null;
  last_event_at: number;
}

interface SessionTable {
  sid: string;
  data: string;
  expires_at: number;
}

interface LockTable {
  name: string;
  holder: string;
  held_until: number;
}

export type OAuthAttempt = Selectable<OAuthAttemptTable>;
export type Installation = Selectable<InstallationTable>;
export type StoredEvent = Selectable<EventTable>;
export type NewEvent = Pick<
  Insertable<EventTable>,
  'installation_id' | 'event_id' | 'type' | 'conversation_key' | 'payload' | 'state' | 'note'
>;
export type Conversation = Selectable<ConversationTable>;
