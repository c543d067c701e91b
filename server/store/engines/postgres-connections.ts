import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { codeOf } from '../../errors.ts';
import { explainConnectionFailure } from './explain-postgres-failure.ts';
import { toConnectionString, type PostgresPlace } from './postgres-url.ts';

/** A statement of ours takes milliseconds. A connection that says nothing for so long is gone. */
const SILENT_MS = 10_000;
const CONNECT_WITHIN_MS = 5_000;
/** For a good-bye; who does not answer it is left. */
const CLOSE_WITHIN_MS = 250;
const NO_ROOM = '53300';
/** No room (too_many_connections), or cannot_connect_now: the server is starting or stopping. */
const BUSY = new Set<string | undefined>([NO_ROOM, '57P03']);
const LOOK_AGAIN_MS = 250;
const GROW_AGAIN_MS = 30_000;

export interface ConnectionSettings {
  /** Connections at most. */
  max: number;
  /** How long to wait for a server that has no room, or is starting. */
  patienceMs?: number;
  /** How long one statement may take; 0: as long as it likes. */
  silentMs?: number;
  /** Told what an operator should know. */
  warn?: ((message: string) => void) | undefined;
}

export type PostgresConnections = ReturnType<typeof createPostgresConnections>;

class SilentConnectionError extends Error {}

/**
 * A client that may be lost at any moment without harm: it has a listener for errors from the start, for
 * one without any ends the process. Nothing goes along at start-up that a pooler could refuse.
 */
export function createClientSettings(url: string): pg.ClientConfig {
  return {
    connectionString: toConnectionString(url),
    fallback_application_name: 'shopkeeper',
    keepAlive: true,
    keepAliveInitialDelayMillis: SILENT_MS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  };
}

/** With a name it stays prepared, on connections that no pooler hands on to others. */
export type Statement = string | { name: string; text: string };

/** Runs a statement. A client that does not answer in time is destroyed, so that nobody gets it again. */
export async function ask(
  client: pg.Client,
  statement: Statement,
  values: readonly unknown[] = [],
  silentMs = SILENT_MS,
): Promise<pg.QueryResult> {
  const destroy = () =>
    client.connection.stream.destroy(
      new SilentConnectionError(`PostgreSQL did not answer within ${silentMs / 1000} s`),
    );
  const timer = silentMs > 0 ? setTimeout(destroy, silentMs) : undefined;
  try {
    const query = typeof statement === 'string' ? { text: statement } : statement;
    return await client.query({ ...query, values: [...values] });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Tries again for a while when the server has no room or is not ready.
 * @throws OperatorError with what is in the way, without the password.
 */
export async function connectPatiently<Connected>(
  place: PostgresPlace,
  connect: () => Promise<Connected>,
  options: { patienceMs: number; onBusy?: (code: string | undefined) => void },
): Promise<Connected> {
  const giveUpAt = performance.now() + options.patienceMs;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (!BUSY.has(codeOf(error)) || performance.now() > giveUpAt)
        throw explainConnectionFailure(error, place);
      options.onBusy?.(codeOf(error));
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

/** Says good-bye, but does not wait for an answer for long. */
export async function endSoon(end: Promise<void>, clients: Iterable<pg.Client>): Promise<void> {
  await Promise.race([end, sleep(CLOSE_WITHIN_MS)]);
  for (const client of clients) client.connection.stream.destroy();
}

/**
 * A pool that heals: a connection that went silent is thrown away together with those that were silent
 * meanwhile, and when the server allows no more of them, it works with those it has.
 */
export function createPostgresConnections(place: PostgresPlace, settings: ConnectionSettings) {
  const { max, patienceMs = CONNECT_WITHIN_MS, silentMs = SILENT_MS, warn = () => {} } = settings;
  const pool = new pg.Pool({ ...createClientSettings(place.url), types: createTypes(), max });
  const heardAt = new Map<pg.Client, number>();
  let silentSince = -Infinity;
  let growing: NodeJS.Timeout | undefined;

  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    heardAt.set(client, performance.now());
  });
  pool.on('remove', (client) => void heardAt.delete(client));

  const connect = () =>
    connectPatiently(place, () => pool.connect(), { patienceMs, onBusy: shrink });

  /** Whoever asks next waits for a connection of ours, instead of being refused a new one. */
  function shrink(code: string | undefined): void {
    if (code !== NO_ROOM) return;
    pool.options.max = Math.max(1, Math.min(pool.options.max, pool.totalCount));
    if (growing !== undefined) return;
    warn(
      `PostgreSQL has no room for another connection; working with fewer than ${max}, and trying again every ${GROW_AGAIN_MS / 1000} s.`,
    );
    growing = setTimeout(() => {
      pool.options.max = max;
      growing = undefined;
    }, GROW_AGAIN_MS).unref();
  }

  function discard(client: pg.PoolClient): void {
    client.connection.stream.destroy();
    client.release(true);
  }

  return {
    /** @throws OperatorError with what is in the way. */
    async acquire(): Promise<pg.PoolClient> {
      for (;;) {
        const client = await connect();
        if ((heardAt.get(client) ?? silentSince) >= silentSince) return client;
        discard(client);
      }
    },

    async ask(client: pg.PoolClient, statement: Statement, values?: readonly unknown[]) {
      const askedAt = performance.now();
      try {
        const result = await ask(client, statement, values, silentMs);
        heardAt.set(client, performance.now());
        return result;
      } catch (error) {
        if (error instanceof SilentConnectionError) silentSince = Math.max(silentSince, askedAt);
        throw error;
      }
    },

    async close(): Promise<void> {
      clearTimeout(growing);
      await endSoon(pool.end(), heardAt.keys());
    },
  };
}

/** bigint arrives as text by default; ours are times and row numbers, far below 2^53. */
function createTypes(): InstanceType<typeof pg.TypeOverrides> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return types;
}
