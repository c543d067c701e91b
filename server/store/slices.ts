import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from './schema.ts';

/** Rows: SQLite changes them without leaving this turn of the event loop, and deliveries must not wait long. */
export const SLICE = 500;

/** Runs what changes SLICE rows at most until it changes none; whoever waits has a turn in between. */
export async function inSlices(change: () => Promise<number | bigint | undefined>): Promise<void> {
  while (((await change()) ?? 0) > 0) await new Promise(setImmediate);
}

/** Deletes the rows of a table that fit; `key` is its primary key. */
export async function deleteInSlices(
  kysely: Kysely<Schema>,
  table: keyof Schema,
  key: readonly string[],
  condition: RawBuilder<unknown>,
): Promise<void> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const statement = sql`
    delete from ${sql.table(table)} where (${columns}) in (
      select ${columns} from ${sql.table(table)} where ${condition} limit ${sql.lit(SLICE)}
    )`;
  await inSlices(async () => (await statement.execute(kysely)).numAffectedRows);
}
