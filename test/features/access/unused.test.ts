import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../support/browser/browser.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

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
});
