import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import pg from 'pg';
import { codeOf } from '../../errors.ts';
import {
  ask,
  connectPatiently,
  createClientSettings,
  CONNECT_WITHIN_MS,
  endSoon,
  SilentConnectionError,
  SILENT_MS,
  type Statement,
} from './client.ts';
import type { PostgresPlace } from './url.ts';

const GROW_AGAIN_MS = 30_000;
/** read_only_sql_transaction: the server became a standby, or always was one. */
const READ_ONLY = '25006';
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

export interface PoolSettings {
  /** Connections at most. */
  max: number;
  /** With `read`, the server refuses every write. */
  access?: 'read' | 'write';
  /** How long to wait for a server that has no room, or is starting. */
  patienceMs?: number;
  /** How long a statement, or the pause between two of a transaction, may last; 0: as long as it likes. */
  silentMs?: number;
  /** Under which statements stay prepared on each connection, by their text; the others do not. */
  names?: ReadonlyMap<string, string> | undefined;
  /** Told what an operator should know. */
  warn?: ((message: string) => void) | undefined;
}

export type PostgresPool = ReturnType<typeof createPostgresPool>;

/**
 * A pool that heals: a connection that went silent is thrown away together with those that were silent
 * meanwhile, so are all that lead to a server that takes no writes, and when the server allows no more of
 * them, it works with those it has.
 */
export function createPostgresPool(place: PostgresPlace, settings: PoolSettings) {
  const {
    max,
    access = 'write',
    patienceMs = CONNECT_WITHIN_MS,
    silentMs = SILENT_MS,
    warn = () => {},
  } = settings;
  const pool = new pg.Pool({ ...createClientSettings(place.url), types: createTypes(), max });
  const heardAt = new Map<pg.Client, number>();
  let staleSince = -Infinity;
  let growing: NodeJS.Timeout | undefined;

  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    heardAt.set(client, performance.now());
  });
  pool.on('remove', (client) => void heardAt.delete(client));

  /** Whoever asks next waits for a connection of ours, instead of being refused a new one. */
  function shrink(): void {
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

  return {
    /** @throws OperatorError with what is in the way. */
    async acquire(): Promise<pg.PoolClient> {
      for (;;) {
        const options = { patienceMs, onNoRoom: shrink };
        const client = await connectPatiently(place, () => pool.connect(), options);
        if ((heardAt.get(client) ?? staleSince) >= staleSince) return client;
        client.connection.stream.destroy();
        client.release(true);
      }
    },

    async ask(client: pg.PoolClient, statement: Statement, values?: readonly unknown[]) {
      const askedAt = performance.now();
      try {
        const result = await ask(client, statement, values, silentMs);
        heardAt.set(client, performance.now());
        return result;
      } catch (error) {
        if (error instanceof SilentConnectionError) staleSince = Math.max(staleSince, askedAt);
        // After a failover: the next connection leads to the server that takes writes now.
        if (codeOf(error) === READ_ONLY && access === 'write') staleSince = performance.now();
        throw error;
      }
    },

    async close(): Promise<void> {
      clearTimeout(growing);
      await endSoon(pool.end(), heardAt.keys());
    },
  };
}

/**
 * Kysely's PostgreSQL on connections of ours. Nothing is set on a connection but for the time of a
 * transaction, so a pooler hands nothing of it on to others.
 */
export function createPostgresDialect(pool: PostgresPool, settings: PoolSettings): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(pool, settings),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function createDriver(pool: PostgresPool, settings: PoolSettings): Driver {
  const { access = 'write', silentMs = SILENT_MS, names } = settings;
  // The server ends what we gave up: a connection that went silent may hold rows that others wait for.
  const begin = `begin; set local statement_timeout = ${silentMs}; set local idle_in_transaction_session_timeout = ${silentMs}`;
  const clients = new WeakMap<DatabaseConnection, pg.PoolClient>();

  function clientOf(connection: DatabaseConnection): pg.PoolClient {
    const client = clients.get(connection);
    if (client === undefined) throw new Error('This connection was given back already.');
    return client;
  }

  const run = (connection: DatabaseConnection, text: string) =>
    pool.ask(clientOf(connection), text);

  return {
    init: async () => {},
    async acquireConnection() {
      const client = await pool.acquire();
      const connection = createConnection((text, values) => {
        const name = names?.get(text);
        return pool.ask(client, name === undefined ? text : { name, text }, values);
      });
      clients.set(connection, client);
      if (access === 'read') await run(connection, 'begin transaction read only');
      return connection;
    },
    beginTransaction: async (connection) => void (await run(connection, begin)),
    async commitTransaction(connection) {
      const { command } = await run(connection, 'commit');
      // Its answer, and no error, where a statement had failed: nothing of the transaction is stored.
      if (command === 'ROLLBACK')
        throw new Error('Rolled back: a statement failed, and whoever had sent it went on.');
    },
    async rollbackTransaction(connection) {
      // A connection that is gone has rolled back; what went wrong before is what matters.
      await run(connection, 'rollback').catch(() =>
        clientOf(connection).connection.stream.destroy(),
      );
    },
    async releaseConnection(connection) {
      if (access === 'read') await run(connection, 'rollback').catch(() => {});
      clientOf(connection).release();
      clients.delete(connection);
    },
    destroy: () => pool.close(),
  };
}

function createConnection(
  send: (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>,
): DatabaseConnection {
  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const { command, rowCount, rows } = await send(sql, parameters);
      return CHANGES.has(command) ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
    },
    streamQuery: () => {
      throw new Error('Nothing is streamed here.');
    },
  };
}

/** bigint arrives as text by default; ours are times and row numbers, far below 2^53. */
function createTypes(): InstanceType<typeof pg.TypeOverrides> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return types;
}
