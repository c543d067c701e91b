import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresSignals } from '../../../server/features/postgres/signals.ts';
import { postgresIsAvailable } from '../../support/store/engines.ts';
import { createTestDatabase } from '../../support/store/postgres-databases.ts';
import { startTcpRelay } from '../../support/network/start-tcp-relay.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe.runIf(postgresIsAvailable)('signals between instances', { timeout: 60_000 }, () => {
  let place: Awaited<ReturnType<typeof createTestDatabase>>;
  let relay: Awaited<ReturnType<typeof startTcpRelay>>;
  let near: ReturnType<typeof createPostgresSignals>;
  let far: ReturnType<typeof createPostgresSignals>;
  let heard: string[];

  beforeEach(async () => {
    place = await createTestDatabase();
    relay = await startTcpRelay(new URL(place.databaseUrl));
    near = createPostgresSignals({ variable: 'DATABASE_URL', url: relay.url });
    far = createPostgresSignals({ variable: 'DATABASE_URL', url: place.databaseUrl });
    heard = [];
    near.subscribe('events', (payload) => heard.push(payload));
  });
  afterEach(async () => {
    await Promise.all([near.close(), far.close()]);
    await relay.close();
    await place.remove();
  });

  it('are heard again after the connection fell silent', async () => {
    await expectToHear('before');

    relay.freeze();

    await expectToHear('after', 30_000);
  });

  it('end with a connection that is silent', async () => {
    await expectToHear('before');
    relay.freeze();
    const startedAt = performance.now();

    await near.close();

    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('pass over what others say on their channel', async () => {
    await expectToHear('before');
    const client = new pg.Client({ connectionString: place.databaseUrl });
    await client.connect();
    await client.query(`notify shopkeeper, 'this is not JSON'`);
    await client.query('notify shopkeeper');
    await client.end();

    await expectToHear('after');
    expect(heard).not.toContain('this is not JSON');
  });

  async function expectToHear(payload: string, withinMs?: number): Promise<void> {
    await waitUntil(
      `it hears "${payload}"`,
      () => {
        far.publish('events', payload);
        return heard.includes(payload);
      },
      withinMs,
    );
  }
});
