import { sql } from 'kysely';
import type { Database } from './database.ts';
import { PRESENCE_LOCK } from './postgres-signals.ts';

/** Whether an instance of the app listens on this PostgreSQL database, by whatever name it is connected. */
export async function isAppRunning({ direct }: Pick<Database, 'direct'>): Promise<boolean> {
  const { rows } = await direct((connection) =>
    sql<{ free: boolean }>`select pg_try_advisory_lock(${sql.raw(PRESENCE_LOCK)}) as free`.execute(
      connection,
    ),
  );
  return rows[0]?.free !== true;
}
