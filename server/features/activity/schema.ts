import type { Generated, Selectable } from 'kysely';
import type { Dialect } from '../../store/engines/database.ts';

declare module '../../store/schema.ts' {
  interface Schema {
    activity: ActivityTable;
  }
}

export interface ActivityTable {
  id: Generated<number>;
  installation_id: string;
  conversation_key: string | null;
  kind: string;
  text: string;
  at: number;
}

export type ActivityLine = Selectable<ActivityTable>;

export const activityMigration = ({ rowNumber }: Dialect) => [
  // Without a foreign key: the line about a removal outlives the installation.
  `create table activity (
    id ${rowNumber},
    installation_id text not null,
    conversation_key text,
    kind text not null,
    text text not null,
    at bigint not null
  )`,
  `create index activity_by_installation on activity (installation_id, id)`,
  `create index activity_by_conversation on activity (conversation_key)
    where conversation_key is not null`,
  `create index activity_by_time on activity (at)`,
];
