import { sql } from 'kysely';
import type { Database } from './database.ts';

/** How many connections instances of the app have to this PostgreSQL database at the moment. */
export async function countConnections({ kysely }: Pick<Database, 'kysely'>): Promise<number> {
  const { rows } = await sql<{ connections: number }>`
    select count(*) as connections from pg_stat_activity
    where datname = current_database() and application_name = 'shopkeeper'
      and pid <> pg_backend_pid()`.execute(kysely);
  return rows[0]?.connections ?? 0;
}
