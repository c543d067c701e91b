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
import type pg from 'pg';
import type { PostgresConnections } from './postgres-connections.ts';

const BEGIN_READING = 'begin transaction read only';
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

interface DriverSettings {
  /** With `read`, the server refuses every write. */
  access: 'read' | 'write';
  /** How long a statement of a transaction, or the pause between two, may last; 0: for ever. */
  silentMs: number;
}

/**
 * Kysely's PostgreSQL on connections of ours. Nothing is set on a connection but for the time of a
 * transaction, so a pooler hands nothing of it on to others.
 */
export function createPostgresDialect(
  connections: PostgresConnections,
  settings: DriverSettings,
): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(connections, settings),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function createDriver(
  connections: PostgresConnections,
  { access, silentMs }: DriverSettings,
): Driver {
  // The server ends what we gave up: a connection that went silent may hold rows that others wait for.
  const begin = `begin; set local statement_timeout = ${silentMs}; set local idle_in_transaction_session_timeout = ${silentMs}`;
  const clients = new WeakMap<DatabaseConnection, pg.PoolClient>();

  function clientOf(connection: DatabaseConnection): pg.PoolClient {
    const client = clients.get(connection);
    if (client === undefined) throw new Error('This connection was given back already.');
    return client;
  }

  const run = (connection: DatabaseConnection, text: string) =>
    connections.ask(clientOf(connection), text);

  return {
    init: async () => {},
    async acquireConnection() {
      const client = await connections.acquire();
      const connection = createConnection((text, values) => connections.ask(client, text, values));
      clients.set(connection, client);
      if (access === 'read') await run(connection, BEGIN_READING);
      return connection;
    },
    beginTransaction: async (connection) => void (await run(connection, begin)),
    commitTransaction: async (connection) => void (await run(connection, 'commit')),
    async rollbackTransaction(connection) {
      // Who is gone has rolled back; what went wrong before is what matters.
      await run(connection, 'rollback').catch(() =>
        clientOf(connection).connection.stream.destroy(),
      );
    },
    async releaseConnection(connection) {
      if (access === 'read') await run(connection, 'rollback').catch(() => {});
      clientOf(connection).release();
      clients.delete(connection);
    },
    destroy: () => connections.close(),
  };
}

function createConnection(
  ask: (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>,
): DatabaseConnection {
  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const { command, rowCount, rows } = await ask(sql, parameters);
      return CHANGES.has(command) ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
    },
    streamQuery: () => {
      throw new Error('Nothing is streamed here.');
    },
  };
}
