import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

const DAY_MS = 24 * 60 * 60_000;

describe('the end of a browser’s access', () => {
  let clock = 0;
  let shop: Shop;
  beforeEach(async () => {
    clock = 0;
    shop = await startShop({ now: () => Date.now() + clock });
  });
  afterEach(() => shop.close());

  it('is not undone by the callback that it came with', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    await browser.open(callback);
    for (const days of [20, 40, 60]) {
      clock = days * DAY_MS;
      expect((await browser.get(callback)).status).toBe(303);
    }
    // Only looks at the home page, which is no visit of an account.
    for (let days = 80; days <= 380; days += 20) {
      clock = days * DAY_MS;
      await browser.get(shop.url);
    }
    const answer = await browser.get(callback);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Start again');
  });

  it('cuts off a download that is under way', async () => {
    const { id, browser, statusUrl } = await shop.install();
    const text = 'x'.repeat(100_000);
    // More than both ends of a connection hold.
    for (let line = 0; line < 400; line += 1) await shop.stores.activityLog.add(id, 'test', text);
    const cookie = browser.cookieHeader();
    const download = await fetch(`${statusUrl}/export`, { headers: { cookie } });
    const reader = download.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await shop.stores.installationOwners.removeAll(id);
    const readOn = async () => {
      while ((await reader?.read())?.done === false);
    };
    await expect(readOn()).rejects.toThrow();
    expect(shop.printed.join('')).toContain('The access of this browser has ended.');
  });
});

describe('access to the export', () => {
  it('is not used by who asks for its head', async () => {
    const shop = await startShop();
    const { id, browser, statusUrl } = await shop.install();
    expect((await browser.head(`${statusUrl}/export`)).status).toBe(200);
    const lines = await shop.stores.activityLog.latest(id, 50);
    expect(lines.filter(({ text }) => text.includes('was exported'))).toEqual([]);
    await shop.close();
  });
});
