import type { Generated, Selectable } from 'kysely';
import type { Dialect } from '../../store/engines/database.ts';

declare module '../../store/schema.ts' {
  interface Schema {
    wakes: WakeTable;
  }
}

/** When the bot is to be woken in a conversation. */
interface WakeTable {
  /** In the order in which they were set. */
  seq: Generated<number>;
  /** Of its own each time, also when one takes the place of another: its event is named after it. */
  id: string;
  installation_id: string;
  conversation_id: string;
  user_id: string;
  external_id: string | null;
  /** What the bot calls it in this conversation. */
  key: string;
  due_at: number;
  /** JSON. */
  data: string;
}

export type Wake = Selectable<WakeTable>;

export const wakesMigration = ({ rowNumber }: Dialect) => [
  `create table wakes (
    seq ${rowNumber},
    id text not null,
    installation_id text not null references installations (id) on delete cascade,
    conversation_id text not null,
    user_id text not null,
    external_id text,
    key text not null,
    due_at bigint not null,
    data text not null,
    unique (installation_id, conversation_id, key)
  )`,
  `create index wakes_by_time on wakes (due_at, seq)`,
  `create index wakes_by_user on wakes (installation_id, user_id)`,
];
