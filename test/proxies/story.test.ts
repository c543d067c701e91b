import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresIsAvailable } from '../support/store/engines.ts';
import { createTestDatabase } from '../support/store/postgres-databases.ts';
import { startFleet, type Fleet } from '../support/process/start-fleet.ts';
import { findFreePort } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { deliver, deliverWhenAsked, deliveryOf } from './support/deliver.ts';
import { PROXIES } from './support/proxies.ts';
import type { RunningServer } from '../support/process/run-server.ts';

const MIB = 1024 * 1024;

/** One proxy after the other stands in front of the same two processes, at the same address. */
describe.runIf(postgresIsAvailable)('two instances', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let fleet: Fleet;
  beforeAll(async () => {
    database = await createTestDatabase();
    fleet = await startFleet({
      databaseUrl: database.databaseUrl,
      instances: 2,
      publicUrl: `http://localhost:${await findFreePort()}`,
    });
  });
  afterAll(async () => {
    await fleet.close();
    await database.remove();
  });

  describe.each(PROXIES)('behind $name', ({ start }) => {
    if (start === undefined) return;
    let proxy: RunningServer;
    let installed: Awaited<ReturnType<typeof fleet.install>>;
    beforeAll(async () => {
      proxy = await start(Number(new URL(fleet.publicUrl).port), fleet.targets);
      installed = await fleet.install();
    });
    afterAll(() => proxy.stop());

    const get = (path: string, headers: Record<string, string> = {}) =>
      fetch(fleet.publicUrl + path, { headers: { cookie: cookieOf(installed), ...headers } });

    it('are installed, take deliveries, answer, and show it', async () => {
      const { conversationId } = fleet.zendesk.createConversation({ account: 'acme' });
      fleet.zendesk.sendCustomerMessage({ conversationId, text: 'Is this thing on?' });
      await waitUntil('the bot answered', () =>
        JSON.stringify(fleet.zendesk.messages(conversationId)).includes('“Is this thing on?”'),
      );
      const page = await get(`/installations/${installed.id}`);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('Acme Outdoor');
    });

    it('send pages, styles and scripts compressed', async () => {
      const page = await get(`/installations/${installed.id}`);
      const html = await page.text();
      const script = /<script[^>]* src="([^"]+)"/.exec(html)?.[1] ?? '';
      const style = /<link rel="stylesheet" href="([^"]+)"/.exec(html)?.[1] ?? '';
      for (const path of [`/installations/${installed.id}`, script, style]) {
        const response = await get(path, { 'accept-encoding': 'gzip' });
        await response.text();
        expect(response.headers.get('content-encoding'), path).toBe('gzip');
      }
    });

    it('send the live feed at once, uncompressed, the first lines and what comes later', async () => {
      const feed = await get(`/installations/${installed.id}/activity?after=0`, {
        accept: 'text/event-stream',
        'accept-encoding': 'gzip',
      });
      expect(feed.headers.get('content-encoding')).toBeNull();
      const reader = feed.body?.getReader();
      let seen = '';
      const readUntil = async (words: string) => {
        while (!seen.includes(words)) {
          const chunk = await reader?.read();
          if (chunk?.value === undefined) throw new Error(`The feed ended after:\n${seen}`);
          seen += Buffer.from(chunk.value).toString();
        }
      };
      await readUntil('Installed in Acme Outdoor');
      expect(seen.length).toBeGreaterThan(512);

      seen = '';
      fleet.zendesk.createConversation({ account: 'acme' });
      await readUntil('New conversation greeted');
      await reader?.cancel();
    });

    it('take a body of 1 MiB, also when it has to be asked for, and no longer one', async () => {
      const { publicUrl } = fleet;
      const whole = deliveryOf('whole', MIB);
      expect(whole).toHaveLength(MIB);
      expect(await deliver(publicUrl, installed, whole)).toBe(200);
      expect(await deliverWhenAsked(publicUrl, installed, whole)).toBe(200);
      expect(await deliver(publicUrl, installed, deliveryOf('longer', MIB + 1))).toBe(413);
      expect(await deliver(publicUrl, installed, deliveryOf('huge', 5 * MIB))).toBe(413);
    });

    it('say what is wrong with a delivery', async () => {
      const { publicUrl } = fleet;
      const { id } = installed;
      expect(await deliver(publicUrl, installed, '{')).toBe(400);
      expect(await deliver(publicUrl, { id, key: 'wrong' }, deliveryOf('stranger'))).toBe(401);
    });

    it('do not say how long they keep a connection that is not the client’s', async () => {
      const { headers } = await get('/healthz');
      expect(headers.get('keep-alive')).toBeNull();
    });

    it('show nobody the metrics', async () => {
      for (const path of ['/metrics', '/metrics/', '/METRICS'])
        expect((await get(path)).status).toBe(404);
    });
  });
});

function cookieOf({ browser }: Awaited<ReturnType<Fleet['install']>>): string {
  return browser.cookieHeader();
}
