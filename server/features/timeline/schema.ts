import type { Generated } from 'kysely';
import type { Dialect } from '../../store/engines/database.ts';

declare module '../../store/schema.ts' {
  interface Schema {
    traces: TraceTable;
  }
}

export type TraceKind = 'install' | 'event' | 'form' | 'webhook' | 'connection';

/** What was done for an install, an event or a form, step by step. */
interface TraceTable {
  id: Generated<number>;
  installation_id: string;
  /** Of the event it is about, or was done for. */
  event_id: string | null;
  kind: TraceKind;
  title: string;
  /** JSON: `Step[]` of traces.ts. */
  steps: string;
  at: number;
}

export const tracesMigration = ({ rowNumber }: Dialect) => [
  // Goes with its event, so that what is deleted of a customer is deleted here too.
  `create table traces (
    id ${rowNumber},
    installation_id text not null references installations (id) on delete cascade,
    event_id text,
    kind text not null,
    title text not null,
    at bigint not null,
    -- Last, because it is long: who lists titles and times does not read it.
    steps text not null,
    foreign key (installation_id, event_id)
      references events (installation_id, event_id) on delete cascade
  )`,
  `create index traces_by_installation on traces (installation_id, id)`,
  `create index traces_by_event on traces (installation_id, event_id)`,
  `create index traces_by_time on traces (at)`,
];
