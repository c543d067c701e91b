declare module '../../store/schema.ts' {
  interface Schema {
    conversation_memory: MemoryTable;
    customer_memory: MemoryTable;
  }
}

/** What is remembered of one conversation, or of one customer. */
interface MemoryTable {
  installation_id: string;
  /** The conversation's id, or the customer's. */
  subject_id: string;
  /** JSON: an object, as handlers wrote it. */
  value: string;
  /** When it was changed last. */
  updated_at: number;
}

export const memoryMigration = () => [
  // Goes with its conversation. Checked at the end of the transaction: a merge moves both.
  `create table conversation_memory (
    installation_id text not null,
    subject_id text not null,
    value text not null,
    updated_at bigint not null,
    primary key (installation_id, subject_id),
    foreign key (installation_id, subject_id)
      references conversations (installation_id, conversation_id)
      on delete cascade deferrable initially deferred
  )`,
  // A customer has no row of his own.
  `create table customer_memory (
    installation_id text not null references installations (id) on delete cascade,
    subject_id text not null,
    value text not null,
    updated_at bigint not null,
    primary key (installation_id, subject_id)
  )`,
  `create index customer_memory_by_time on customer_memory (installation_id, updated_at)`,
];
