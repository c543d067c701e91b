import { Kysely, sql } from 'kysely';
import type { Database } from './database.ts';
import { createPostgresInsert } from '../../inbox/insert-events.ts';
import { type ConnectionSettings, createPostgresConnections } from './postgres-connections.ts';
import { createPostgresDialect } from './postgres-driver.ts';
import { refuseTransactionPooling } from './postgres-pooler.ts';
import { createPostgresSignals } from './postgres-signals.ts';
import type { PostgresPlace } from './postgres-url.ts';
import type { Schema } from '../schema.ts';

/** Connections of one instance, beside the one that listens. */
const CONNECTIONS = 10;
const SILENT_MS = 10_000;
/** For a command nobody waits as Zendesk waits for an answer. */
const COMMAND_SILENT_MS = 60_000;
/** At the start: a server that has just been started as well, or has no room yet. */
const START_PATIENCE_MS = 30_000;

export interface PostgresPlaces {
  /** Where statements go; perhaps a pooler. */
  pooled: PostgresPlace;
  /** PostgreSQL itself, for what needs a connection of its own. */
  direct: PostgresPlace;
}

/** Both are the same unless there is a pooler that wants two. */
export function findPostgresPlaces(given: {
  databaseUrl: string;
  databaseDirectUrl?: string | undefined;
}): PostgresPlaces {
  const pooled = { variable: 'DATABASE_URL', url: given.databaseUrl } as const;
  if (given.databaseDirectUrl === undefined) return { pooled, direct: pooled };
  return { pooled, direct: { variable: 'DATABASE_DIRECT_URL', url: given.databaseDirectUrl } };
}

/** Connects on first use, so an unreachable server shows up in ping(), not here. */
export function openPostgres(
  { pooled, direct }: PostgresPlaces,
  warn?: (message: string) => void,
): Database {
  const { kysely, connections } = open(pooled, {
    max: CONNECTIONS,
    silentMs: SILENT_MS,
    warn,
  });
  const signals = createPostgresSignals(direct, warn);
  return {
    engine: 'postgres',
    kysely,
    signals,
    insertEvents: createPostgresInsert(async (statement, values) => {
      const client = await connections.acquire();
      try {
        // A pooler that gives every transaction another connection knows no prepared statements.
        await connections.ask(client, pooled === direct ? statement : statement.text, values);
      } finally {
        client.release();
      }
    }),
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

/** For a command beside the app. @throws OperatorError when there is no connection to be had. */
export async function openPostgresBesideApp(place: PostgresPlace, access: 'read' | 'write') {
  await refuseTransactionPooling(place);
  const { kysely } = open(place, { max: 1, silentMs: COMMAND_SILENT_MS }, access);
  return {
    engine: 'postgres',
    kysely,
    direct: (work) => workDirectly(place, work),
    close: () => kysely.destroy(),
  } satisfies Pick<Database, 'engine' | 'kysely' | 'direct' | 'close'>;
}

/** Which database of which server it is, and its schema, in words that are the same for each way there. */
export async function identifyDatabase(place: PostgresPlace): Promise<string> {
  const { kysely } = open(place, { max: 1, silentMs: COMMAND_SILENT_MS }, 'read');
  try {
    const { rows } = await sql<{ name: string }>`
      select concat_ws('/', pg_postmaster_start_time(), current_database(), current_schema()) as name
    `.execute(kysely);
    return rows[0]?.name ?? '';
  } finally {
    await kysely.destroy();
  }
}

/** On a connection of its own, which keeps what is set on it and takes its time. */
async function workDirectly<Result>(
  place: PostgresPlace,
  work: (connection: Kysely<Schema>) => Promise<Result>,
  warn?: (message: string) => void,
): Promise<Result> {
  await refuseTransactionPooling(place, START_PATIENCE_MS);
  const { kysely } = open(place, { max: 1, silentMs: 0, patienceMs: START_PATIENCE_MS, warn });
  try {
    return await kysely.connection().execute(work);
  } finally {
    await kysely.destroy();
  }
}

function open(
  place: PostgresPlace,
  settings: ConnectionSettings & { silentMs: number },
  access: 'read' | 'write' = 'write',
) {
  const connections = createPostgresConnections(place, settings);
  const dialect = createPostgresDialect(connections, { access, silentMs: settings.silentMs });
  return { connections, kysely: new Kysely<Schema>({ dialect }) };
}
