import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Database } from './database.ts';
import { createPostgresInsert } from './insert-events.ts';
import { createPostgresSignals } from './postgres-signals.ts';
import type { Schema } from './schema.ts';

/** Connects on first use, so an unreachable server shows up in ping(), not here. */
export function openPostgres(connectionString: string): Database {
  const { pool, kysely } = openPool(connectionString, { application_name: 'shopkeeper', max: 10 });
  const signals = createPostgresSignals(connectionString);
  return {
    engine: 'postgres',
    kysely,
    signals,
    insertEvents: createPostgresInsert(pool),
    async ping() {
      await sql`select 1`.execute(kysely);
    },
    async close() {
      await signals.close();
      await kysely.destroy();
    },
  };
}

/** Connections with the settings we count on. */
export function openPool(connectionString: string, settings: pg.PoolConfig) {
  const pool = new pg.Pool({
    connectionString,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    types: createTypes(),
    ...settings,
  });
  // Without a listener, losing an idle connection would end the process; the pool replaces it.
  pool.on('error', () => {});
  return { pool, kysely: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }) };
}

/** bigint arrives as text by default; ours are times and row numbers, far below 2^53. */
function createTypes(): InstanceType<typeof pg.TypeOverrides> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return types;
}
