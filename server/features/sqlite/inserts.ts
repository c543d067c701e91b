import type { Kysely } from 'kysely';
import type Libsql from 'libsql';
import type { PrepareInsert } from '../../store/engines/database.ts';
import type { Schema } from '../../store/schema.ts';
import { lockForWriting } from './statements.ts';

/** Row by row in one transaction: a fifth faster here than one statement with many values. */
export function prepareInserts(database: Libsql.Database, kysely: Kysely<Schema>): PrepareInsert {
  return ({ table, texts, numbers, unique }) => {
    const columns = [...texts, ...numbers];
    const text =
      `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')}) ` +
      `on conflict (${unique.join(', ')}) do nothing`;
    let prepared: Libsql.Statement | undefined;
    // Through Kysely's connection, so that it never runs inside somebody else's transaction.
    return (rows) =>
      kysely.connection().execute(async () =>
        lockForWriting(database, () => {
          // On first use: before the migrations there is no table.
          prepared ??= database.prepare(text);
          for (const row of rows) prepared.run(...columns.map((column) => row[column]));
        }),
      );
  };
}
