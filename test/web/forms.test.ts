import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser, readCsrf, type Browser } from '../support/browser/browser.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

let shop: Shop;
let browser: Browser;
let statusUrl: string;
beforeAll(async () => {
  shop = await startShop();
  ({ browser, statusUrl } = await shop.install());
});
afterAll(() => shop.close());

const FORMS = ['/webhook', '/test-message', '/events/some-event/replay', '/disconnect'];

describe('a form', () => {
  describe.each(FORMS)('to …%s', (path) => {
    it.each([
      ['without a token', {}],
      ['with an empty token', { _csrf: '' }],
      ['with a wrong token', { _csrf: 'x'.repeat(128) }],
    ])('%s is refused with a page, and nothing happens', async (_name, fields) => {
      const before = shop.zendesk.calls.length;
      const answer = await browser.post(`${statusUrl}${path}`, fields);
      expect(answer.status).toBe(403);
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(answer.text).toContain('This form has expired');
      expect(shop.zendesk.calls).toHaveLength(before);
      expect(await shop.stores.installations.list()).toMatchObject([{ status: 'active' }]);
    });

    it('with the token of another browser is refused', async () => {
      const other = createBrowser();
      const page = await other.open(await other.allow(shop.url, 'bloom'));
      const token = readCsrf(page);
      expect(token).not.toBe('');
      const answer = await browser.post(`${statusUrl}${path}`, { _csrf: token });
      expect(answer.status).toBe(403);
      await other.submit(page, '/disconnect');
    });

    it('of somebody else, with a token of their own, finds nothing', async () => {
      const other = createBrowser();
      const page = await other.open(await other.allow(shop.url, 'bloom'));
      const token = readCsrf(page);
      expect((await other.post(`${statusUrl}${path}`, { _csrf: token })).status).toBe(404);
      await other.submit(page, '/disconnect');
      expect(await shop.stores.installations.list()).toMatchObject([{ status: 'active' }]);
    });

    it('cannot be used by following a link', async () => {
      expect((await browser.get(`${statusUrl}${path}`)).status).toBe(404);
    });
  });

  it('with the page’s own token goes through', async () => {
    const page = await browser.submit(await browser.get(statusUrl), '/test-message');
    expect(page.status).toBe(200);
    expect(page.text).toContain('The test message was sent.');
  });

  it('has a token that no two pages share, and an older one is still good', async () => {
    const [first, second] = [await browser.get(statusUrl), await browser.get(statusUrl)];
    const tokens = [readCsrf(first), readCsrf(second)];
    // Not even a part: a compressed page would be smaller with the right guess of a part in it.
    const common = (tokens[0] ?? '').split('').filter((sign, at) => sign === tokens[1]?.[at]);
    expect(tokens[0]).toHaveLength(86);
    expect(common.length).toBeLessThan(20);
    for (const page of [second, first])
      expect((await browser.submit(page, '/test-message')).text).toContain('was sent');
  });

  it('that is too large is refused with a page that says so', async () => {
    const large = await browser.post(`${statusUrl}/webhook`, { _csrf: 'x'.repeat(200_000) });
    expect(large.status).toBe(413);
    expect(large.text).toContain('The request was too large.');
  });

  it('to replay an event that did not fail is refused with 409', async () => {
    const page = await browser.get(statusUrl);
    const token = readCsrf(page);
    const answer = await browser.post(`${statusUrl}/events/unknown/replay`, { _csrf: token });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('Only an event that failed can be replayed.');
  });
});
