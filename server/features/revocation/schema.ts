declare module '../../store/schema.ts' {
  interface Schema {
    token_checks: TokenCheckTable;
  }
}

/** A question put to Zendesk: does it still accept the token of this installation? */
export interface TokenCheckTable {
  installation_id: string;
  /** When a remove callback said that the bot was removed; null: only a call of ours was refused. */
  reported_at: number | null;
  /** How many looks found the token good. */
  accepted_looks: number;
  /** When a look found it bad; null: none has, or one after it found it good. */
  rejected_at: number | null;
}

export const revocationMigration = () => [
  `create table token_checks (
    installation_id text primary key references installations (id) on delete cascade,
    reported_at bigint,
    accepted_looks integer not null,
    rejected_at bigint
  )`,
];
