import { afterEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import { engines } from '../support/store/engines.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

let shop: Shop;
afterEach(() => shop.close());

const countOf = (operation: string) =>
  shop.zendesk.calls.filter((call) => call.operation === operation).length;

describe.each(engines)('the same callback again, on %s', (engine) => {
  it('at once gets the same page, from two instances, with one exchange', async () => {
    shop = await startShop({ engine });
    const second = await shop.addInstance();
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    const addresses = [callback, callback.replace(shop.url, second), callback];
    const answers = await Promise.all(addresses.map((address) => browser.get(address)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect(countOf('GetToken')).toBe(1);
    const [first] = answers;
    const page = first && (await browser.get(browser.location(first)));
    expect(page?.text).toContain('Acme Outdoor');
  });

  it('whose first answer got lost still ends with a session that owns the account', async () => {
    shop = await startShop({ engine });
    const browser = createBrowser();
    await browser.open(await browser.allow(shop.url, 'bloom'));
    const callback = await browser.allow(shop.url, 'acme');
    const held = [...browser.cookies];
    const first = await browser.get(callback);
    // The first answer's cookies never arrived; the session they replaced is gone.
    browser.cookies.clear();
    for (const [name, cookie] of held) browser.cookies.set(name, cookie);
    const again = await browser.get(callback);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect((await browser.get(browser.location(again))).status).toBe(200);
    const home = await browser.get(shop.url);
    expect(home.text).toContain('Bloom Bakery');
    expect(home.text).toContain('Acme Outdoor');
    expect(countOf('GetToken')).toBe(2);
  });

  it('shows the same failure, and offers the same way on', async () => {
    shop = await startShop({ engine });
    const browser = createBrowser();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500 });
    const callback = await browser.allow(shop.url, 'acme');
    const [first, again] = [await browser.get(callback), await browser.get(callback)];
    for (const page of [first, again]) {
      expect(page.status).toBe(502);
      expect(page.text).toContain('<h1>Almost installed</h1>');
    }
    const retry = /href="(\/installations\/[0-9a-f]{32})"/.exec(again.text)?.[1] ?? '';
    expect(first.text).toContain(retry);
    expect((await browser.open(`${shop.url}${retry}`)).text).toContain('Acme Outdoor');
    expect(countOf('GetToken')).toBe(1);
  });

  it('says to start again when a process died over the first, and does not wait for it', async () => {
    shop = await startShop({ engine });
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    await shop.database.kysely.updateTable('oauth_attempts').set({ started_at: 1 }).execute();
    const answer = await browser.get(callback);
    expect([answer.status, answer.text.includes('This sign-in was interrupted')]).toEqual([
      400,
      true,
    ]);
    expect(answer.text).toContain('href="/install">Start again');
    expect(countOf('GetToken')).toBe(0);
  });
});
