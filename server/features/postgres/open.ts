import { Kysely, sql } from 'kysely';
import type { Database, DatabasePlace } from '../../store/engines/database.ts';
import type { Schema } from '../../store/schema.ts';
import { prepareBatches } from './batches.ts';
import { dialect } from './dialect.ts';
import { createPostgresDialect, createPostgresPool, type PoolSettings } from './pool.ts';
import { refuseTransactionPooling } from './pooler.ts';
import { createPostgresSignals } from './signals.ts';
import { findPostgresPlaces, type PostgresPlace } from './url.ts';

/** Connections of one instance, beside the one that listens. */
const CONNECTIONS = 10;
/** At the start: a server that has just been started as well, or has no room yet. */
const START_PATIENCE_MS = 30_000;

/** Connects on first use, so an unreachable server shows up in ping(), not here. */
export function openPostgres(given: DatabasePlace, warn?: (message: string) => void): Database {
  const { pooled, direct } = findPostgresPlaces(given);
  // A pooler that gives every transaction another connection knows no prepared statements.
  const names = pooled === direct ? new Map<string, string>() : undefined;
  const kysely = connectPostgres(pooled, { max: CONNECTIONS, warn, names });
  const signals = createPostgresSignals(direct, warn);
  return {
    engine: 'postgres',
    dialect,
    kysely,
    signals,
    prepareBatch: prepareBatches(kysely, names),
    direct: (work) => workDirectly(direct, work, warn),
    async ping() {
      await sql`select 1`.execute(kysely);
    },
    // Dead rows are the server's own affair: docs/privacy.md.
    forgetDeleted: async () => {},
    async close() {
      await Promise.all([signals.close(), kysely.destroy()]);
    },
  };
}

export function connectPostgres(place: PostgresPlace, settings: PoolSettings): Kysely<Schema> {
  const pool = createPostgresPool(place, settings);
  return new Kysely({ dialect: createPostgresDialect(pool, settings) });
}

/** To the database itself, past any pooler: what is set on a connection stays there. @throws OperatorError */
export async function connectDirectly(
  place: PostgresPlace,
  settings: PoolSettings,
): Promise<Kysely<Schema>> {
  const pool = createPostgresPool(place, settings);
  try {
    await refuseTransactionPooling(place, pool, settings.patienceMs);
  } catch (error) {
    await pool.close();
    throw error;
  }
  return new Kysely({ dialect: createPostgresDialect(pool, settings) });
}

/** On a connection of its own, which keeps what is set on it and takes its time. */
export async function workDirectly<Result>(
  place: PostgresPlace,
  work: (connection: Kysely<Schema>) => Promise<Result>,
  warn?: (message: string) => void,
): Promise<Result> {
  const settings = { max: 1, silentMs: 0, patienceMs: START_PATIENCE_MS, warn };
  const kysely = await connectDirectly(place, settings);
  try {
    return await kysely.connection().execute(work);
  } finally {
    await kysely.destroy();
  }
}
