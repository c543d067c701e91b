import { sql, type Kysely, type RawBuilder } from 'kysely';
import { codeOf, messageOf } from '../../errors.ts';
import type { Schema } from '../schema.ts';

export type Engine = 'sqlite' | 'postgres';

/** Where the database is. */
export interface DatabasePlace {
  databaseUrl?: string | undefined;
  /** When `databaseUrl` leads through a pooler: PostgreSQL itself. */
  databaseDirectUrl?: string | undefined;
  dataDir: string;
}

/** What one database spells, or does, in another way than the others. */
export interface Dialect {
  /** The type of a column that numbers the rows, as primary key. */
  rowNumber: string;
  /** Compares text byte by byte, whatever language the database is set to. */
  bytewise: string;
  /** Ends a query for rows to be changed: those that another instance is changing are passed over. */
  skipLocked: RawBuilder<unknown>;
  /** Ends a query for rows that others may go on using: a server that takes no writes refuses it. */
  keyShare: RawBuilder<unknown>;
  /** The clock that instances share, in epoch milliseconds; undefined: there is one instance alone. */
  serverTime: RawBuilder<number> | undefined;
  /** Where tables are made; undefined: there is but one place. @throws OperatorError when there is none. */
  findSchema: (connection: Kysely<Schema>) => Promise<string | undefined>;
  /** Whether it is where tables are made. @throws OperatorError as findSchema does. */
  hasTable: (connection: Kysely<Schema>, name: string) => Promise<boolean>;
  /** Each migration is run as a whole or not at all. @throws OperatorError when nothing can be written. */
  aroundMigrations: (connection: Kysely<Schema>, run: () => Promise<void>) => Promise<void>;
}

export interface Database {
  engine: Engine;
  dialect: Dialect;
  kysely: Kysely<Schema>;
  signals: Signals;
  prepareBatch: PrepareBatch;
  /**
   * Runs the work on a connection to the database itself, past any pooler, that keeps what is set on it and
   * has no limit of time. @throws OperatorError when there is none to be had.
   */
  direct: <Result>(work: (connection: Kysely<Schema>) => Promise<Result>) => Promise<Result>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /**
   * Takes what was deleted out of the files as well. Never rejects: what is left is for the next time, an
   * hour later at most.
   */
  forgetDeleted: () => Promise<void>;
  close(): Promise<void>;
}

/**
 * "Something changed", said to whoever listens in any instance. A hint that may get lost: whoever
 * depends on it looks by itself from time to time as well.
 */
export interface Signals {
  /** The core's channels are `events` and `installations`; a feature's has its name. */
  publish(channel: string, payload: string): void;
  /** The listener must not throw. Returns the function that ends it. */
  subscribe(channel: string, listener: (payload: string) => void): () => void;
}

/** A statement for many rows at once, again and again: put together once, and sent once for all of them. */
export interface Batch<Column extends string> {
  /**
   * Under which it stays prepared, where the database can do that, and with it the way it is run: not for one
   * that would be run in another way when the tables are full.
   */
  name?: string;
  /** What the rows have. What one leaves out is null. */
  given: Readonly<Record<Column, 'text' | 'bigint'>>;
  /** Reads the rows from a table named `given`. SQLite runs it for one after the other. */
  text: string;
}

/** All or nothing, also without a transaction. Resolves to what the statement returns, as a list. */
export type RunBatch<Column extends string, Returned> = (
  rows: readonly { readonly [Name in Column]?: string | number | null | undefined }[],
  transaction?: Kysely<Schema>,
) => Promise<Returned[]>;

export type PrepareBatch = <Column extends string, Returned = never>(
  batch: Batch<Column>,
) => RunBatch<Column, Returned>;

/** What a store works with; `now` in epoch milliseconds. */
export interface StoreDeps {
  database: Database;
  now: () => number;
}

/**
 * The time, in epoch milliseconds, by which one instance judges what another holds: the clocks of two machines
 * differ by more than a lease.
 */
export const sharedTime = ({ serverTime }: Dialect, now: () => number): RawBuilder<number> =>
  serverTime ?? sql<number>`cast(${now()} as bigint)`;

/** When a lease ends that begins now, or is renewed. */
export const leaseEnd = (dialect: Dialect, now: () => number, leaseMs: number) =>
  sql<number>`${sharedTime(dialect, now)} + ${sql.lit(leaseMs)}`;

const FOREIGN_KEY_VIOLATION = new Set(['23503', 'SQLITE_CONSTRAINT_FOREIGNKEY']);
const NOT_NULL_VIOLATION = new Set(['23502', 'SQLITE_CONSTRAINT_NOTNULL']);

/**
 * Whether a write failed because the row it belongs to is gone, for example a removed installation; also of a
 * table that has no foreign key (whileThere in tables/installations.ts).
 */
export function isForeignKeyViolation(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  const isNull = NOT_NULL_VIOLATION.has(code) && /\binstallation_id\b/.test(messageOf(error));
  return isNull || FOREIGN_KEY_VIOLATION.has(code);
}
