import type { Kysely } from 'kysely';
import type Libsql from 'libsql';
import type { Batch, PrepareBatch, RunBatch } from '../../store/engines/database.ts';
import type { Schema } from '../../store/schema.ts';
import { lockForWriting, READS } from './statements.ts';

/** Rows of one statement; more are written no faster. */
const MOST_ROWS = 32;

/**
 * A statement for 32 rows, one for 16, and so on down to one: any number is put together of these, each
 * prepared once. A row costs a third less than with a statement of its own.
 */
export function prepareBatches(database: Libsql.Database, kysely: Kysely<Schema>): PrepareBatch {
  return <Column extends string, Returned>({
    given,
    text,
  }: Batch<Column>): RunBatch<Column, Returned> => {
    const columns: string[] = Object.keys(given);
    const values = `(${columns.map(() => '?').join(', ')})`;
    const reads = READS.test(text);
    const returns = reads || /\breturning\b/i.test(text);
    /** By the number of rows; prepared on first use, because before the migrations there is no table. */
    const statements = new Map<number, Libsql.Statement>();

    function prepare(size: number): Libsql.Statement {
      const list = Array<string>(size).fill(values).join(', ');
      const statement = database.prepare(
        `with given (${columns.join(', ')}) as (values ${list}) ${text}`,
      );
      statements.set(size, statement);
      return statement;
    }

    function runAll(rows: readonly Partial<Record<string, unknown>>[]): Returned[] {
      const returned: Returned[] = [];
      let size = MOST_ROWS;
      for (let start = 0; start < rows.length; start += size) {
        while (size > rows.length - start) size /= 2;
        const parameters = rows
          .slice(start, start + size)
          .flatMap((row) => columns.map((column) => row[column] ?? null));
        const statement = statements.get(size) ?? prepare(size);
        if (!returns) statement.run(parameters);
        // What the statement returns, as with any SQL.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        else returned.push(...(statement.all(parameters) as Returned[]));
      }
      return returned;
    }

    return async (rows, transaction) => {
      // There is one connection, and whoever has a transaction has it.
      if (transaction !== undefined) return runAll(rows);
      return await kysely
        .connection()
        .execute(async () => (reads ? runAll(rows) : lockForWriting(database, () => runAll(rows))));
    };
  };
}
