import pg from 'pg';
import { OperatorError } from '../../errors.ts';
import { ask, connectPatiently, createClientSettings, endSoon } from './client.ts';
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
async function findPooling(place: PostgresPlace, patienceMs = 0): Promise<Pooling> {
  const probes: Probe[] = [];
  const connect = () =>
    connectPatiently(
      place,
      async () => {
        const probe = createProbe(place.url);
        probes.push(probe);
        return { ...probe, told: await probe.connect() };
      },
      { patienceMs },
    );
  try {
    const one = await connect();
    if ((await one.readProcess()) === one.told) return 'none';
    const other = await connect();
    for (let tries = 0; tries < TRIES; tries++) {
      const process = await other.readProcess().catch(() => undefined);
      if (process === undefined) return 'session';
      if (process === (await one.readProcess())) return 'transaction';
    }
    return 'session';
  } finally {
    await Promise.all(probes.map((probe) => probe.close()));
  }
}

/** @throws OperatorError where what we set on a connection would be handed on to others, or be lost. */
export async function refuseTransactionPooling(
  place: PostgresPlace,
  patienceMs?: number,
): Promise<void> {
  if ((await findPooling(place, patienceMs)) !== 'transaction') return;
  throw new OperatorError(
    `${place.variable} leads through a pooler that gives every transaction another connection, and there ` +
      'migrations, LISTEN and commands cannot work. Set DATABASE_DIRECT_URL to the address of PostgreSQL itself.',
  );
}

type Probe = ReturnType<typeof createProbe>;

function createProbe(url: string) {
  const client = new pg.Client(createClientSettings(url));
  client.on('error', () => {});
  let told: number | undefined;
  client.connection.on('backendKeyData', (message: { processID: number }) => {
    told = message.processID;
  });
  return {
    /** The number of the process that serves us, as we are told. */
    async connect(): Promise<number | undefined> {
      await client.connect();
      return told;
    },
    /** Its number as it says itself. */
    async readProcess(): Promise<unknown> {
      const { rows } = await ask(client, 'select pg_backend_pid() as process', [], WAIT_MS);
      return rows[0]?.process;
    },
    close: () => endSoon(client.end(), [client]),
  };
}
