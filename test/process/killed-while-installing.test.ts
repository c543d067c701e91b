import { describe, expect, it } from 'vitest';
import { openBesideApp } from '../../server/commands/open-beside-app.ts';
import { createBrowser } from '../support/browser/browser.ts';
import { engines } from '../support/store/engines.ts';
import { placeForProcess } from '../support/process/place-for-process.ts';
import { startProcessShop } from '../support/process/start-process-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

describe.each(engines)('killed in the middle of an install, on %s,', (engine) => {
  it('the next attempt succeeds within five seconds', { timeout: 60_000 }, async () => {
    const place = await placeForProcess(engine);
    const shop = await startProcessShop(place.settings);
    try {
      // Registering the webhook is under a lock, and never ends.
      shop.zendesk.armFault({ kind: 'hang', operation: 'ListWebhooks' });
      const interrupted = shop.install('acme').catch(() => 'interrupted');
      await waitUntil('the lock is held', async () => (await listLocks(shop)).length > 0);
      await shop.app().end('SIGKILL');
      expect(await interrupted).toBe('interrupted');
      shop.zendesk.clearFaults();

      await shop.restart();
      const browser = createBrowser();
      const callback = await browser.allow(shop.url, 'acme');
      const startedAt = performance.now();
      const page = await browser.open(callback);

      expect(performance.now() - startedAt, 'a lock was waited for').toBeLessThan(5_000);
      expect(page.status).toBe(200);
      const settings = await browser.get(`${page.url}/manage`);
      expect(settings.text).toContain('Registered');
    } finally {
      await shop.close();
      await place.remove();
    }
  });
});

async function listLocks(shop: Awaited<ReturnType<typeof startProcessShop>>): Promise<string[]> {
  const databaseUrl = shop.environment()['DATABASE_URL'];
  const database = await openBesideApp({ databaseUrl, dataDir: shop.dataDir }, 'read');
  const rows = await database.kysely.selectFrom('locks').select('name').execute();
  await database.close();
  return rows.map(({ name }) => name).filter((name) => name.startsWith('webhook:'));
}
