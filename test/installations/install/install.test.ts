import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../support/browser/browser.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

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
    const browser = createBrowser();
    const page = await browser.open(await browser.allow(shop.url, 'acme'));
    expect(page.status).toBe(200);
    const [, id = ''] = /\/installations\/([0-9a-f]{32})$/.exec(page.url) ?? [];
    expect(page.text).toContain('Acme Outdoor');
    expect((await browser.get(`${page.url}/manage`)).text).toMatch(/1 of 3/);
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
    const { browser, page } = await shop.installAndOpen();
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
    const page = await stranger.get(statusUrl);
    expect(page.status).toBe(404);
    expect(page.text).toContain('Page not found');
    expect((await stranger.get(`${statusUrl}/activity`)).status).toBe(404);
    await stranger.open(await stranger.allow(shop.url, 'bloom'));
    expect((await stranger.get(statusUrl)).status).toBe(404);
  });
});
