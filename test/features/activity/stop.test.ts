import { describe, expect, it } from 'vitest';
import { createBrowser } from '../../support/browser/browser.ts';
import { startProcessShop } from '../../support/process/start-process-shop.ts';

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s ends with 0 while a live feed is open',
    async (signal) => {
      const shop = await startProcessShop();
      try {
        const browser = createBrowser();
        const page = await browser.open(await browser.allow(shop.url, 'acme'));
        const cookie = browser.cookieHeader();
        const feed = await fetch(`${page.url}/activity`, {
          headers: { cookie, accept: 'text/event-stream' },
        });
        expect(feed.headers.get('content-type')).toContain('text/event-stream');
        const started = performance.now();
        expect(await shop.app().end(signal)).toBe(0);
        expect(performance.now() - started).toBeLessThan(10_000);
        await feed.body?.cancel().catch(() => undefined);
      } finally {
        await shop.close();
      }
    },
  );
});
