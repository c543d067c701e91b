import { type Kysely, sql } from 'kysely';
import { OperatorError } from '../../errors.ts';
import type { Dialect } from '../../store/engines/database.ts';
import type { Schema } from '../../store/schema.ts';

export const dialect: Dialect = {
  rowNumber: 'bigint generated always as identity primary key',
  bytewise: 'collate "C"',
  skipLocked: sql`for update skip locked`,
  keyShare: sql`for key share`,
  serverTime: sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
  findSchema,
  async hasTable(connection, name) {
    const schema = await findSchema(connection);
    const query = sql`select 1 from pg_tables where schemaname = ${schema} and tablename = ${name}`;
    return (await query.execute(connection)).rows.length > 0;
  },
  async aroundMigrations(connection, run) {
    await refuseUnfit(connection);
    await run();
  },
};

interface Fitness {
  is_read_only: boolean;
  encoding: string;
  /** Null: there are no tables yet. */
  is_foreign: boolean | null;
}

const FIT: Fitness = { is_read_only: false, encoding: 'UTF8', is_foreign: null };
/** Those that take every character; to SQL_ASCII all are bytes. */
const COMPLETE_ENCODINGS = new Set(['UTF8', 'SQL_ASCII']);

/**
 * Of a server that takes no writes, because it is a standby or was set so, reading is still allowed. A
 * database that has not every character would refuse each delivery with another one, again and again.
 * @throws OperatorError
 */
export async function refuseUnfit(
  connection: Kysely<Schema>,
  access: 'read' | 'write' = 'write',
): Promise<void> {
  const { rows } = await sql<Fitness>`
    select current_setting('transaction_read_only') = 'on' as is_read_only,
      current_setting('server_encoding') as encoding,
      not has_table_privilege(to_regclass('kysely_migration'), 'select')
        or not has_table_privilege(to_regclass('app_state'), 'insert') as is_foreign`.execute(
    connection,
  );
  const [{ is_read_only, is_foreign, encoding } = FIT] = rows;
  if (access === 'write' && is_read_only)
    throw new OperatorError(
      'The PostgreSQL server is read-only. Set DATABASE_URL to the one that takes writes, or wait until this one does.',
    );
  if (is_foreign)
    throw new OperatorError(
      'The tables in the PostgreSQL database belong to another role, and this one may not use them: that role restored ' +
        'them, or DATABASE_URL names another user than before. Make this one their owner (docs/databases.md).',
    );
  if (!COMPLETE_ENCODINGS.has(encoding))
    throw new OperatorError(
      `The PostgreSQL database keeps text as ${encoding}, which has no emoji and not every language. Make another ` +
        "one, create database … encoding 'UTF8' locale 'C' template template0 (docs/databases.md), and correct DATABASE_URL.",
    );
}

/** The first of search_path that is there. Another schema may hold another shop. */
async function findSchema(connection: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(
    connection,
  );
  const name = rows[0]?.name ?? null;
  if (name !== null) return name;
  throw new OperatorError(
    'The PostgreSQL database has none of the schemas of its search_path, or this role may not use them. ' +
      'Create one, grant usage on it, or correct search_path.',
  );
}
