import { sql } from 'kysely';
import type { Database } from '../../../server/store/engines/database.ts';

/** Every row of every table there is, also of tables the reader did not think of. */
export async function readWholeDatabase({ kysely }: Database) {
  const tables = await kysely.introspection.getTables();
  const rows = [];
  for (const { name } of tables) {
    const result = await sql`select * from ${sql.table(name)}`.execute(kysely);
    rows.push(...result.rows.map((row) => ({ table: name, row })));
  }
  return rows;
}
