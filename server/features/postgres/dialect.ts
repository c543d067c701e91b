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
  async aroundMigrations(connection, run) {
    await refuseReadOnly(connection);
    await run();
  },
};

/** @throws OperatorError when the server takes no writes: it is a standby, or it was set so. */
export async function refuseReadOnly(connection: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ transaction_read_only: string }>`show transaction_read_only`.execute(
    connection,
  );
  if (rows[0]?.transaction_read_only !== 'on') return;
  throw new OperatorError(
    'The PostgreSQL server is read-only. Set DATABASE_URL to the one that takes writes, or wait until this one does.',
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
    'The PostgreSQL database has none of the schemas of its search_path. Create one, or correct search_path.',
  );
}
