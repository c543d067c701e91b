import pg from 'pg';
import { OperatorError } from '../../errors.ts';
import { ask, connectPatiently, createClientSettings, endSoon } from './client.ts';
import type { PostgresPool } from './pool.ts';
import type { PostgresPlace } from './url.ts';

type Pooling = 'none' | 'session' | 'transaction';

const TRIES = 5;
/** A pooler that has one connection for each of us lets the second wait. */
const WAIT_MS = 3_000;

/**
 * Whether a pooler answers there, and whether it gives every transaction another connection. A pooler
 * makes up the process number that a client is told when it connects; and two clients that are connected
 * at the same time and meet in one process of the server share it.
 */
async function findPooling(place: PostgresPlace, one: pg.Client, patienceMs = 0): Promise<Pooling> {
  if ((await readProcess(one)) === readToldProcess(one)) return 'none';
  const others: pg.Client[] = [];
  async function connect(): Promise<pg.Client> {
    const client = new pg.Client(createClientSettings(place.url));
    client.on('error', () => {});
    others.push(client);
    await client.connect();
    return client;
  }
  try {
    const other = await connectPatiently(place, connect, { patienceMs });
    for (let tries = 0; tries < TRIES; tries++) {
      const process = await readProcess(other).catch(() => undefined);
      if (process === undefined) return 'session';
      if (process === (await readProcess(one))) return 'transaction';
    }
    return 'session';
  } finally {
    await Promise.all(others.map((client) => endSoon(client.end(), [client])));
  }
}

/**
 * Looks at the pool's first connection, which is then there for whoever asks next.
 * @throws OperatorError where what we set on a connection would be handed on to others, or be lost.
 */
export async function refuseTransactionPooling(
  place: PostgresPlace,
  pool: PostgresPool,
  patienceMs?: number,
): Promise<void> {
  const client = await pool.acquire();
  const pooling = await findPooling(place, client, patienceMs).finally(() => client.release());
  if (pooling !== 'transaction') return;
  throw new OperatorError(
    `${place.variable} leads through a pooler that gives every transaction another connection, and there ` +
      'migrations, LISTEN and commands cannot work. Set DATABASE_DIRECT_URL to the address of PostgreSQL itself.',
  );
}

/** The number of the process that serves a client, as it says itself. */
async function readProcess(client: pg.Client): Promise<unknown> {
  const { rows } = await ask(client, 'select pg_backend_pid() as process', [], WAIT_MS);
  return rows[0]?.process;
}

/** The same, as the client was told when it connected. */
const readToldProcess = (client: pg.Client): unknown =>
  'processID' in client ? client.processID : undefined;
