import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

describe('a page that is not there', () => {
  it.each([
    '/no-such-page',
    '/installations',
    '/webhooks',
    '/.env',
    '/base.css/..%2f..%2fpackage.json',
  ])('%s is answered with 404 and a way back', async (path) => {
    const answer = await createBrowser().get(`${shop.url}${path}`);
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('Page not found');
    expect(answer.text).toContain('href="/"');
  });

  it('does not repeat its address', async () => {
    const answer = await createBrowser().get(`${shop.url}/%3Cscript%3Ealert(1)`);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('alert(1)');
  });

  it('looks the same as the status page of somebody else', async () => {
    const { statusUrl } = await shop.install();
    const stranger = createBrowser();
    const foreign = await stranger.get(statusUrl);
    const unknown = await stranger.get(`${shop.url}/installations/${'0'.repeat(32)}`);
    const withoutIds = (text: string) => text.replaceAll(/[0-9a-f-]{36}/g, '');
    expect(foreign.status).toBe(404);
    expect(withoutIds(foreign.text)).toBe(withoutIds(unknown.text));
    expect(foreign.text).toContain('Page not found');
  });
});

describe('the page of an unexpected error', () => {
  it('says what to do and shows neither a stack nor the message, which go to the log', async () => {
    const { browser, statusUrl } = await shop.install();
    await shop.database.kysely.destroy();
    for (const url of [shop.url, `${shop.url}/install`, statusUrl]) {
      const answer = await browser.get(url);
      expect(answer.status, url).toBe(500);
      expect(answer.text, url).toContain('Something went wrong on our side.');
      expect(answer.text, url).not.toMatch(/destroyed|kysely|node_modules|\.ts:|\bat \w+/i);
      const requestId = answer.headers.get('x-request-id') ?? 'none';
      expect(answer.text, url).toContain(requestId);
      const logged = shop.printed.filter((line) => line.includes(requestId));
      expect(logged.join(), url).toMatch(/destroyed/);
    }
  });
});

describe('the remove URL', () => {
  const withNul = '{"appId":"a\\u0000","integrationId":"b"}';
  it.each(['', 'no JSON', '[]', '{"appId":1}', '{"appId":"a"}', withNul])(
    'answers %j with 400 and no stack',
    async (body) => {
      const answer = await fetch(`${shop.url}/remove`, { method: 'POST', body });
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toMatch(/node_modules|SyntaxError|\.ts:/);
    },
  );

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${shop.url}/remove`, { method: 'POST', body, headers });
  const ofBytes = (size: number) => `{"appId":1,"integrationId":"${'x'.repeat(size - 30)}"}`;

  it('reads a body of 10 KB, and answers one byte more with 413', async () => {
    const largest = ofBytes(10 * 1024);
    expect(Buffer.byteLength(largest)).toBe(10 * 1024);
    expect((await post(largest)).status).toBe(400);
    const larger = await post(ofBytes(10 * 1024 + 1));
    expect(larger.status).toBe(413);
    expect(await larger.text()).not.toMatch(/node_modules|PayloadTooLarge|\.ts:/);
  });

  it.each([
    { 'content-type': 'application/json; charset=latin1' },
    { 'content-encoding': 'compress' },
  ])('answers what it cannot decode (%j) with 415', async (headers) => {
    expect((await post('{"appId":"a","integrationId":"b"}', headers)).status).toBe(415);
  });
});
