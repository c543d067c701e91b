import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresIsAvailable } from '../support/store/engines.ts';
import { createTestDatabase } from '../support/store/postgres-databases.ts';
import { startFleet } from '../support/process/start-fleet.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { startLoad } from './support/deliver.ts';
import { PROXIES } from './support/proxies.ts';

const SENDERS = 4;
/** Every proxy that asks who is ready does so each second. */
const READY_IS_NOTICED_MS = 1_500;

const proxies = PROXIES.flatMap(({ name, keepsConnections, repeatsDeliveries, start }) =>
  keepsConnections && start ? [{ name, repeatsDeliveries, start }] : [],
);

interface Outcome {
  refusedByKill: number[];
  refusedByStop: number[];
  acknowledged: string[];
  stored: number;
}

/** All proxies stand in front of the same two at the same time, each with senders of its own. */
describe.runIf(postgresIsAvailable)('one instance of two', () => {
  const outcomes = new Map<string, Outcome>();
  let exitCode: number | null | undefined;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  afterAll(() => database.remove());

  beforeAll(async () => {
    database = await createTestDatabase();
    const { databaseUrl } = database;
    const fleet = await startFleet({ databaseUrl, instances: 2 });
    const hook = await fleet.install();
    const fronts = await Promise.all(
      proxies.map(async ({ name, start }) => {
        const port = await findFreePort();
        const proxy = await start(port, fleet.targets);
        const load = startLoad(`http://localhost:${port}`, hook, { senders: SENDERS });
        return { name, proxy, load };
      }),
    );
    const takeMore = (count: number) =>
      Promise.all(
        fronts.map(({ name, load: { acknowledged } }) => {
          const total = acknowledged.length + count;
          return waitUntil(`${name} takes more`, () => acknowledged.length >= total);
        }),
      );

    await takeMore(50);
    await fleet.kill(1);
    await takeMore(50);
    const refusedByKill = fronts.map(({ load }) => load.refusals.splice(0));
    // Production has the pause in which load balancers see that it is not ready.
    const https = fleet.publicUrl.replace('http:', 'https:');
    await fleet.restart(1, { NODE_ENV: 'production', PUBLIC_URL: https });
    await new Promise((resolve) => setTimeout(resolve, READY_IS_NOTICED_MS));
    await takeMore(50);
    exitCode = await fleet.stop(1);
    await takeMore(50);

    for (const [index, { name, load }] of fronts.entries()) {
      await load.stop();
      const { acknowledged, refusals } = load;
      outcomes.set(name, {
        refusedByKill: refusedByKill[index] ?? [],
        refusedByStop: refusals,
        acknowledged,
        stored: await countStored(databaseUrl, acknowledged),
      });
    }
    await Promise.all(fronts.map(({ proxy }) => proxy.stop()));
    await fleet.close();
  });

  it('ends in time when it is stopped under load', () => {
    expect(exitCode).toBe(0);
  });

  describe.each(proxies)('behind $name', ({ name, repeatsDeliveries }) => {
    it('can be killed: what is refused is what it had not answered', () => {
      // Each sender has one delivery under way.
      const most = repeatsDeliveries ? 0 : SENDERS;
      const { refusedByKill } = outcomes.get(name) ?? {};
      expect(refusedByKill, String(refusedByKill)).toHaveProperty('length');
      expect(refusedByKill?.length, String(refusedByKill)).toBeLessThanOrEqual(most);
    });

    it('can be stopped, and nobody sees it', () => {
      expect(outcomes.get(name)?.refusedByStop).toEqual([]);
    });

    it('loses nothing that was acknowledged', () => {
      const { acknowledged = [], stored } = outcomes.get(name) ?? {};
      expect(acknowledged.length).toBeGreaterThanOrEqual(200);
      expect(stored).toBe(new Set(acknowledged).size);
    });
  });
});

async function countStored(databaseUrl: string, eventIds: readonly string[]): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rowCount } = await client.query('select 1 from events where event_id = any($1)', [
    eventIds,
  ]);
  await client.end();
  return rowCount ?? 0;
}
