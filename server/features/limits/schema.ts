import { sql, type Selectable } from 'kysely';

declare module '../../store/schema.ts' {
  interface Schema {
    account_pauses: AccountPauseTable;
  }
}

interface AccountPauseTable {
  installation_id: string;
  /** Until then none of its events is begun. */
  paused_until: number;
  /** Of pauses in a row, without a call in between that succeeded. */
  count: number;
  /** The event that goes first, once the pause is over; null: none does yet. */
  first_seq: number | null;
}

export type AccountPause = Selectable<AccountPauseTable>;

export const limitsMigration = () => [
  // Almost always empty: a row is there while Zendesk limits an account.
  `create table account_pauses (
    installation_id text primary key references installations (id) on delete cascade,
    paused_until bigint not null,
    count integer not null,
    first_seq bigint
  )`,
];

/**
 * Of an account that pauses none but the event that goes first. Jobs of ours, whose lanes (inbox/lanes.ts)
 * have another character behind the account, do not call its API.
 */
export const mayBegin = sql<boolean>`not exists (
  select 1 from account_pauses as pause
  where pause.installation_id = head.installation_id
    and pause.first_seq is distinct from head.seq
    and substr(head.conversation_key, length(head.installation_id) + 1, 1) = '/'
)`;
