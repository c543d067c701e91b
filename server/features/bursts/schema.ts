declare module '../../store/schema.ts' {
  interface Schema {
    burst_messages: BurstMessageTable;
  }
}

/** An event that is answered together with others: until they are, and while they can be replayed. */
interface BurstMessageTable {
  installation_id: string;
  event_id: string;
  /** The event with which it is answered; its own id is that of the first. */
  first_id: string;
}

export const burstsMigration = () => [
  // Without a reference to the event: each event that is deleted would have to look here.
  `create table burst_messages (
    installation_id text not null references installations (id) on delete cascade,
    event_id text not null,
    first_id text not null,
    primary key (installation_id, event_id)
  )`,
  `create index burst_messages_by_first on burst_messages (installation_id, first_id)`,
];
