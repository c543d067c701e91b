import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import { startShop, type Shop } from '../support/start-shop.ts';
import { describeOddCallbacks } from './support/odd-callback-cases.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

describeOddCallbacks({
  name: 'an install',
  title: 'Zendesk',
  async begin() {
    const browser = createBrowser();
    return { browser, callback: new URL(await browser.allow(shop.url, 'bloom')) };
  },
  exchanges: () => shop.zendesk.calls.filter(({ operation }) => operation === 'GetToken').length,
});

describe('a code without a state', () => {
  it('begins an install anew', async () => {
    const answer = await createBrowser().get(`${shop.url}/oauth?code=a&state=`);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/install']);
  });
});
