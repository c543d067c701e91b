import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../support/browser/browser.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe('access to the export', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await startShop();
  });
  afterEach(() => shop.close());

  it('leaves a line when somebody takes the data along', async () => {
    const { id, browser, statusUrl } = await shop.install();
    await browser.get(`${statusUrl}/export`);
    await waitUntil('the export is in the trail', async () =>
      /Everything was exported by browser [0-9a-f]{6}\./.test(
        shop.notes
          .latest(id, 50)
          .map((line) => line.text)
          .join(),
      ),
    );
  });

  it('cuts off a download that is under way', async () => {
    const { id, browser, statusUrl } = await shop.install();
    const text = 'x'.repeat(100_000);
    // More than both ends of a connection hold.
    for (let line = 0; line < 400; line += 1) await shop.notes.add(id, 'test', text);
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

  it('is not used by who asks for its head', async () => {
    const { id, browser, statusUrl } = await shop.install();
    expect((await browser.head(`${statusUrl}/export`)).status).toBe(200);
    const lines = shop.notes.latest(id, 50);
    expect(lines.filter(({ text }) => text.includes('was exported'))).toEqual([]);
  });
});

it('the privacy page is titled', async () => {
  const shop = await startShop();
  const { text } = await createBrowser().get(`${shop.url}/privacy`);
  expect(text).toContain('<title>Privacy · Shopkeeper</title>');
  await shop.close();
});
