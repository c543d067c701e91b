import { connect } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientKey, limitPerMinute } from '../../server/web/rate-limits.ts';
import { ask } from '../support/browser/ask.ts';
import { createBrowser } from '../support/browser/browser.ts';
import { serve } from '../support/network/serve.ts';
import { type Shop, startShop } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('what a limit counts a client under', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:50001', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:50001', '203.0.113.7'],
  ])('%s is %s', (written, key) => {
    expect(clientKey(written)).toBe(key);
  });

  it.each([
    ['with a port', '[2001:db8:1:2::7]:50001'],
    ['in brackets', '[2001:db8:1:2::7]'],
    ['of the same customer', '2001:db8:1:9:ffff::1'],
    ['in other letters', '2001:0DB8:0001:0002::7'],
  ])('an IPv6 address %s is the same client', (_name, written) => {
    expect(clientKey(written)).toBe(clientKey('2001:db8:1:2::7'));
  });

  it('tells apart what are two clients', () => {
    expect(clientKey('203.0.113.8:1')).not.toBe(clientKey('203.0.113.7:1'));
    expect(clientKey('2001:db8:2::7')).not.toBe(clientKey('2001:db8:1::7'));
    expect(clientKey('fe80::1%eth0')).toBe(clientKey('fe80::2%eth1'));
  });

  it.each([
    undefined,
    '',
    'unknown',
    '_hidden',
    '203.0.113.7:port',
    '1.2.3',
    '[::1',
    'x'.repeat(99),
  ])('%s is no address, and all of them are one client', (written) => {
    expect(clientKey(written)).toBe(clientKey('junk'));
  });
});

/** The statuses of so many requests, counted. */
async function count(times: number, request: () => Promise<{ status: number }>) {
  const counts: Record<number, number> = {};
  for (let n = 0; n < times; n++) {
    const { status } = await request();
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

describe('the rate limits', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop();
  });
  // What was counted ends with the process.
  beforeEach(() => shop.restart());
  afterAll(() => shop.close());

  it('allow 30 installs a minute, then answer a page that says when to come back', async () => {
    const browser = createBrowser();
    const install = () => browser.get(`${shop.url}/install`);
    expect(await count(30, install)).toEqual({ 302: 30 });
    const refused = await install();
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.text).toContain(`try again in ${seconds} second`);
  });

  it('cannot be dodged by claiming to be somebody else', async () => {
    let n = 0;
    const install = () =>
      ask(`${shop.url}/install`, {
        headers: { 'X-Forwarded-For': `10.0.0.${++n}`, Forwarded: `for=10.0.0.${n}` },
      });
    expect(await count(31, install)).toEqual({ 302: 30, 429: 1 });
  });

  it.each([
    ['an address with a port that changes', (n: number) => `203.0.113.7:${50_000 + n}`],
    ['an IPv6 address with a port', (n: number) => `[2001:db8::${n}]:${50_000 + n}`],
    ['whatever is no address', (n: number) => `junk-${n}`],
  ])('strike when the trusted proxy writes %s', async (_name, write) => {
    const behind = await startShop({ trustProxy: 1 });
    const install = (client: string) =>
      ask(`${behind.url}/install`, { headers: { 'X-Forwarded-For': client } });
    let n = 0;
    expect(await count(31, () => install(write(++n)))).toEqual({ 302: 30, 429: 1 });
    expect((await install('198.51.100.9:1')).status).toBe(302);
    await behind.close();
  });

  it('allow 60 callbacks and 60 forms a minute', async () => {
    const browser = createBrowser();
    const callback = () => browser.get(`${shop.url}/oauth?state=unknown&code=a`);
    const form = () => browser.post(`${shop.url}/installations/a/webhook`, {});
    expect(await count(61, callback)).toEqual({ 400: 60, 429: 1 });
    expect(await count(61, form)).toEqual({ 403: 60, 429: 1 });
  });

  it('count all forms together', async () => {
    const browser = createBrowser();
    const path = ['webhook', 'test-message', 'disconnect', 'events/replay-failed', 'delete'];
    let n = 0;
    const form = () => browser.post(`${shop.url}/installations/a/${path[n++ % path.length]}`, {});
    expect(await count(61, form)).toEqual({ 403: 60, 429: 1 });
  });

  it('allow 10 exports a minute', async () => {
    const exported = () => ask(`${shop.url}/installations/a/export`);
    expect(await count(11, exported)).toEqual({ 404: 10, 429: 1 });
  });

  it('count whoever hung up already, whose address nobody knows any more', async () => {
    const limit = limitPerMinute(1);
    const outcomes: string[] = [];
    const app = express().get('/', async (request, response) => {
      const gone = new Promise((resolve) => {
        response.once('close', resolve);
      });
      await gone;
      response.render = () => void outcomes.push('refused');
      limit(request, response, (error?: unknown) => {
        outcomes.push(error === undefined ? 'allowed' : 'failed');
      });
    });
    const { port, close } = await serve(app);
    for (const expected of [['allowed'], ['allowed', 'refused']]) {
      const socket = connect(port, 'localhost');
      socket.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n', () => socket.destroy());
      await waitUntil('it was counted', () => outcomes.length === expected.length);
      expect(outcomes).toEqual(expected);
    }
    close();
  });

  it('allow 120 remove callbacks a minute', async () => {
    const body = JSON.stringify({ appId: 'unknown', integrationId: 'unknown' });
    const remove = () => ask(`${shop.url}/remove`, { method: 'POST', body });
    expect(await count(121, remove)).toEqual({ 200: 120, 429: 1 });
  });

  it('are per owner for the pages of accounts, not for an office that shares an address', async () => {
    const { browser, statusUrl } = await shop.install();
    const { browser: neighbour, statusUrl: neighbours } = await shop.install('bloom');
    const statuses = new Set<number>();
    for (let n = 0; n < 301; n += 1)
      statuses.add((await browser.get(`${statusUrl}/delete`)).status);
    expect([...statuses]).toEqual([200, 429]);
    const refused = await browser.get(statusUrl);
    expect(refused.text).toContain('One moment, please');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await neighbour.get(neighbours)).status).toBe(200);
  });

  it('do not count the pages and Zendesk’s deliveries', async () => {
    const page = () => ask(shop.url);
    const delivery = () => ask(`${shop.url}/webhooks/unknown`, { method: 'POST' });
    expect(await count(130, page)).toEqual({ 200: 130 });
    expect(await count(130, delivery)).toEqual({ 404: 130 });
  });
});
