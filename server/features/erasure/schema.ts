declare module '../../store/schema.ts' {
  interface InstallationTable {
    /** When a customer or conversation of it was removed last; null: never. */
    last_removal_at: number | null;
  }
  interface Schema {
    merges: MergeTable;
    removals: KnownRemoval;
  }
}

/** What Zendesk merged: whoever has the discarded id means the surviving one. */
interface MergeTable {
  installation_id: string;
  kind: 'user' | 'conversation';
  discarded_id: string;
  /** Never itself discarded: a chain of merges is kept as its end. */
  surviving_id: string;
  at: number;
}

export interface KnownRemoval {
  hash: string;
  at: number;
}

export const erasureMigration = () => [
  // In the row that is read with each event anyway: only where it says so anything else is asked.
  `alter table installations add column last_removal_at bigint`,
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
];
