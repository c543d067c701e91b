import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../support/browser/browser.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;

const tokenRequests = () => shop.zendesk.calls.filter(({ operation }) => operation === 'GetToken');

describe('the callback', () => {
  let clock = 0;
  beforeEach(async () => {
    clock = 0;
    shop = await startShop({ now: () => Date.now() + clock });
  });
  afterEach(() => shop.close());

  it('lets two tabs of one browser both finish', async () => {
    const browser = createBrowser();
    const one = await browser.allow(shop.url, 'acme');
    const two = await browser.allow(shop.url, 'bloom');
    const [first, second] = await Promise.all([browser.get(one), browser.get(two)]);
    expect([first.status, second.status]).toEqual([303, 303]);
    expect((await browser.get(browser.location(first))).text).toContain('Acme Outdoor');
    expect((await browser.get(browser.location(second))).text).toContain('Bloom Bakery');
  });

  it('goes to the status page when it is reloaded, without a second exchange', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    const first = await browser.get(callback);
    const again = await browser.get(callback);
    expect(again.status).toBe(303);
    expect(browser.location(again)).toBe(browser.location(first));
    expect(tokenRequests()).toHaveLength(1);
  });

  it('refuses a state of another browser and leaves it good for its own', async () => {
    const owner = createBrowser();
    const callback = await owner.allow(shop.url, 'acme');
    const thief = createBrowser();
    const refused = await thief.get(callback);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('another browser');
    expect(refused.text).toContain('href="/install"');
    expect(tokenRequests()).toHaveLength(0);
    expect((await owner.get(callback)).status).toBe(303);
  });

  it('refuses a state that was tampered with', async () => {
    const browser = createBrowser();
    const callback = new URL(await browser.allow(shop.url, 'acme'));
    callback.searchParams.set('state', `${callback.searchParams.get('state')}x`);
    const refused = await browser.get(callback.href);
    expect(refused.status).toBe(400);
    expect(tokenRequests()).toHaveLength(0);
  });

  it('gives the browser that began it a session again, should that have been lost', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    const first = await browser.get(callback);
    browser.cookies.delete('shopkeeper');
    expect((await browser.get(browser.location(first))).status).toBe(404);
    expect((await browser.open(callback)).text).toContain('Acme Outdoor');
    expect(tokenRequests()).toHaveLength(1);
  });

  it('refuses a state after ten minutes', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    clock = 10 * 60_000 + 1;
    const refused = await browser.get(callback);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('That took too long');
    expect(tokenRequests()).toHaveLength(0);
  });

  it('starts over when the install began on Zendesk’s side, without a state', async () => {
    const browser = createBrowser();
    const answer = await browser.get(`${shop.url}/oauth?code=abc`);
    expect(answer.status).toBe(302);
    expect(browser.location(answer)).toBe(`${shop.url}/install`);
    expect(tokenRequests()).toHaveLength(0);
  });

  it('installs nothing when consent is denied, and says so again when it is reloaded', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme', 'deny');
    for (const visit of [await browser.get(callback), await browser.get(callback)]) {
      expect(visit.status).toBe(400);
      expect(visit.text).toContain('Access was denied');
    }
    expect(await shop.stores.installations.list()).toHaveLength(0);
    const spent = new URL(callback);
    spent.searchParams.delete('error');
    spent.searchParams.set('code', 'invented');
    expect((await browser.get(spent.href)).text).toContain('Access was denied');
    expect(tokenRequests()).toHaveLength(0);
  });

  it('explains a refused code, a busy Zendesk and a silent one with 502', async () => {
    const browser = createBrowser();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetToken', status: 400 });
    const refused = await browser.get(await browser.allow(shop.url, 'acme'));
    expect([refused.status, refused.text.includes('OAUTH_CLIENT_SECRET')]).toEqual([502, true]);
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetToken', status: 429 });
    const busy = await browser.get(await browser.allow(shop.url, 'acme'));
    expect([busy.status, busy.text.includes('refused')]).toEqual([502, false]);
    expect(busy.text).toContain('Start again in a moment');
    shop.zendesk.armFault({ kind: 'html', operation: 'GetToken' });
    const silent = await browser.get(await browser.allow(shop.url, 'acme'));
    expect(silent.status).toBe(502);
    expect(await shop.stores.installations.list()).toHaveLength(0);
  });

  it('keeps the permission when tokenInfo fails, and goes on from there', async () => {
    const browser = createBrowser();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500 });
    const callback = await browser.allow(shop.url, 'acme');
    const failed = await browser.get(callback);
    expect(failed.status).toBe(502);
    const retry = /href="(\/installations\/[0-9a-f]{32})"/.exec(failed.text)?.[1] ?? '';
    expect((await browser.open(`${shop.url}${retry}`)).text).toContain('Acme Outdoor');
    expect(tokenRequests()).toHaveLength(1);
  });

  it('keeps five attempts of a browser alive and drops the oldest', async () => {
    const browser = createBrowser();
    const callbacks = [];
    for (let tab = 0; tab < 6; tab++) callbacks.push(await browser.allow(shop.url, 'acme'));
    expect([...browser.cookies.keys()].filter((name) => name.includes('attempt'))).toHaveLength(5);
    const [oldest = '', next = ''] = callbacks;
    expect((await browser.get(oldest)).status).toBe(400);
    expect((await browser.get(next)).status).toBe(303);
  });
});

describe('the callback without a state of ours', () => {
  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.close());

  it.each([
    ['denied consent', '?error=access_denied', 400],
    ['another refusal', '?error=%3Cscript%3Ealert(1)%3C/script%3E', 400],
    ['Zendesk being down', '?error=temporarily_unavailable', 502],
    ['no answer at all', '', 400],
    ['a repeated parameter', '?code=a&code=b&state=c', 400],
    ['a state nobody knows', '?code=a&state=nobody', 400],
    ['broken escapes', '?code=%E0%A4%A&state=%', 400],
  ])('answers %s with a page that offers to start again', async (_name, query, status) => {
    const answer = await createBrowser().get(`${shop.url}/oauth${query}`);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('Start again');
    expect(answer.text).not.toContain('<script>alert');
    expect(tokenRequests()).toHaveLength(0);
  });
});
