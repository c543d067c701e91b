import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/create-browser.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

const tokenRequests = () => shop.zendesk.calls.filter(({ operation }) => operation === 'GetToken');

describe('installing', () => {
  it('sends the browser to Zendesk with our redirect URI and a fresh state each time', async () => {
    const browser = createBrowser();
    const first = new URL(browser.location(await browser.get(`${shop.url}/install`)));
    const second = new URL(browser.location(await browser.get(`${shop.url}/install`)));
    expect(first.pathname).toBe('/sc/oauth/authorize');
    expect(Object.fromEntries(first.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'shopkeeper-test',
      redirect_uri: `${shop.url}/oauth`,
    });
    expect(first.searchParams.get('state')).toHaveLength(43);
    expect(first.searchParams.get('state')).not.toBe(second.searchParams.get('state'));
  });

  it('ends on the status page of the account that was chosen', async () => {
    const { page, id } = await shop.install();
    expect(page.status).toBe(200);
    expect(page.text).toContain('Acme Outdoor');
    expect(page.text).toMatch(/1 of 3/);
    expect(await shop.stores.installations.find(id)).toMatchObject({
      status: 'active',
      subdomain: 'acme',
    });
  });

  it('asks for the token with exactly the four documented fields, as JSON', async () => {
    await shop.install();
    const [request] = tokenRequests();
    expect(Object.keys(request?.body ?? {}).toSorted()).toEqual([
      'client_id',
      'client_secret',
      'code',
      'grant_type',
    ]);
    expect(request?.headers['content-type']).toBe('application/json');
  });

  it('sends the three marketplace headers with every call', async () => {
    const { browser, page } = await shop.install();
    await browser.submit(page, '/test-message');
    expect(shop.zendesk.calls.length).toBeGreaterThan(5);
    for (const { headers } of shop.zendesk.calls) {
      expect(headers).toMatchObject({
        'x-zendesk-marketplace-name': 'Test shop',
        'x-zendesk-marketplace-organization-id': '42',
        'x-zendesk-marketplace-bot-id': '7',
      });
    }
  });

  it('uses the legacy address for an account without a subdomain', async () => {
    const { id } = await shop.install('old-mill');
    expect(await shop.stores.installations.find(id)).toMatchObject({
      status: 'active',
      subdomain: null,
    });
    const created = shop.zendesk.calls.find(({ operation }) => operation === 'CreateWebhook');
    expect(created?.path).toMatch(/^\/legacy\//);
  });

  it('goes on with the same installation when the account is installed again', async () => {
    const first = await shop.install();
    const second = await shop.install();
    expect(second.id).toBe(first.id);
    expect(await shop.stores.installations.list()).toHaveLength(1);
    expect((await first.browser.get(first.statusUrl)).status).toBe(200);
  });

  it('gives the browser a new session id once the install succeeded', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    const before = browser.cookies.get('shopkeeper')?.value;
    await browser.open(callback);
    expect(before).toBeDefined();
    expect(browser.cookies.get('shopkeeper')?.value).not.toBe(before);
  });

  it('shows the status page to the browser that installed it and to no other', async () => {
    const { statusUrl } = await shop.install();
    const stranger = createBrowser();
    expect((await stranger.get(statusUrl)).status).toBe(404);
    expect((await stranger.get(`${statusUrl}/activity`)).status).toBe(404);
    await stranger.open(await stranger.allow(shop.url, 'bloom'));
    expect((await stranger.get(statusUrl)).status).toBe(404);
  });
});

describe('the callback', () => {
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

  it('refuses a used state for whoever does not own the installation any more', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    await browser.get(callback);
    browser.cookies.delete('shopkeeper');
    expect((await browser.get(callback)).status).toBe(400);
    expect(tokenRequests()).toHaveLength(1);
  });

  it('starts over when the install began on Zendesk’s side, without a state', async () => {
    const browser = createBrowser();
    const answer = await browser.get(`${shop.url}/oauth?code=abc`);
    expect(answer.status).toBe(302);
    expect(browser.location(answer)).toBe(`${shop.url}/install`);
    expect(tokenRequests()).toHaveLength(0);
  });

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

  it('installs nothing when consent is denied, and uses the state up', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme', 'deny');
    expect((await browser.get(callback)).status).toBe(400);
    expect(await shop.stores.installations.list()).toHaveLength(0);
    const { rows } = await countAttempts();
    expect(rows).toBe(0);
  });

  it('explains a refused code and a silent Zendesk with 502', async () => {
    const browser = createBrowser();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetToken', status: 400 });
    const refused = await browser.get(await browser.allow(shop.url, 'acme'));
    expect([refused.status, refused.text.includes('OAUTH_CLIENT_SECRET')]).toEqual([502, true]);
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

async function countAttempts() {
  const rows = await shop.database.kysely.selectFrom('oauth_attempts').selectAll().execute();
  return { rows: rows.length };
}
