import { CompiledQuery, type Kysely } from 'kysely';
import type { Batch, PrepareBatch, RunBatch } from '../../store/engines/database.ts';
import type { Schema } from '../../store/schema.ts';

/**
 * All rows as one JSON parameter: the server takes it apart, in a process of its own. `names` gets the
 * statements that may stay prepared, by their text.
 */
export function prepareBatches(
  kysely: Kysely<Schema>,
  names: Map<string, string> | undefined,
): PrepareBatch {
  return <Column extends string, Returned>(batch: Batch<Column>): RunBatch<Column, Returned> => {
    const columns = Object.entries<string>(batch.given).map(
      ([column, type]) => `${column} ${type}`,
    );
    const rowsGiven = `select * from json_to_recordset($1::json) as row (${columns.join(', ')})`;
    const text = `with given as (${rowsGiven}) ${batch.text}`;
    if (batch.name !== undefined) names?.set(text, batch.name);

    return async (rows, on = kysely) => {
      const query = CompiledQuery.raw(text, [toJson(rows)]);
      return (await on.executeQuery<Returned>(query)).rows;
    };
  };
}

/** PostgreSQL takes no half of a surrogate pair, which is all that JSON spells in this way. */
function toJson(rows: readonly unknown[]): string {
  const json = JSON.stringify(rows);
  if (!/\\ud[89a-f]/.test(json)) return json;
  const wellFormed = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? value.toWellFormed() : value;
  return JSON.stringify(rows, wellFormed);
}
