import type { PrepareInsert } from '../../store/engines/database.ts';
import type { Statement } from './client.ts';

/** All rows as one JSON parameter: the server takes it apart, in a process of its own. */
export function prepareInserts(
  run: (statement: Exclude<Statement, string>, values: unknown[]) => Promise<unknown>,
): PrepareInsert {
  return ({ table, texts, numbers, unique }) => {
    const columns = [...texts, ...numbers].join(', ');
    const types = [
      ...texts.map((column) => `${column} text`),
      ...numbers.map((column) => `${column} bigint`),
    ];
    const text =
      `insert into ${table} (${columns}) select ${columns} ` +
      `from json_to_recordset($1::json) as row(${types.join(', ')}) ` +
      `on conflict (${unique.join(', ')}) do nothing`;
    return async (rows) =>
      void (await run({ name: `insert-${table}`, text }, [JSON.stringify(rows)]));
  };
}
