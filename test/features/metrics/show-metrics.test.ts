import { afterEach, describe, expect, it } from 'vitest';
import { serve } from '../../support/network/serve.ts';
import { startShop, type Shop, type ShopOptions } from '../../support/start-shop.ts';

const TOKEN = 'a-token-for-whoever-scrapes';

const withToken = () => ({ METRICS_TOKEN: TOKEN });

let shop: Shop;
afterEach(() => shop.close());

async function ask(options: ShopOptions, headers: Record<string, string> = {}) {
  shop = await startShop(options);
  return fetch(`${shop.url}/metrics`, { headers });
}

describe('GET /metrics without METRICS_TOKEN', () => {
  it("answers programs on this machine, in Prometheus' text format", async () => {
    const answer = await ask({});

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.has('set-cookie')).toBe(false);
    expect(await answer.text()).toMatch(/^shopkeeper_database_up 1$/m);
  });

  it.each([
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Forwarded-For', '203.0.113.9'],
    ['Forwarded', 'for=127.0.0.1'],
    ['X-Real-IP', '127.0.0.1'],
    ['Via', '1.1 proxy'],
  ])('refuses what a proxy on this machine forwards (%s: %s)', async (name, value) => {
    for (const trustProxy of [false, true]) {
      const answer = await ask({ trustProxy }, { [name]: value });
      expect(answer.status).toBe(403);
      expect(await answer.text()).not.toContain('shopkeeper_');
      await shop.close();
    }
    shop = await startShop();
  });

  it.each(['203.0.113.9', '::ffff:10.0.0.1', '2001:db8::1', undefined])(
    'refuses another machine (%s), whomever it says it is',
    async (remoteAddress) => {
      shop = await startShop({ trustProxy: true });
      const outside = await serve((request, response) => {
        Object.defineProperty(request.socket, 'remoteAddress', { value: remoteAddress });
        shop.handle(request, response);
      });
      for (const headers of [{}, { 'X-Forwarded-For': '127.0.0.1' }, { Host: 'localhost' }]) {
        const answer = await fetch(`${outside.url}/metrics`, { headers });
        expect(answer.status).toBe(403);
      }
      outside.close();
    },
  );
});

describe('GET /metrics with two of METRICS_TOKEN', () => {
  it.each([
    ['the newest', TOKEN, 200],
    ['the one before', 'the-token-that-was-before', 200],
    ['both at once', `${TOKEN},the-token-that-was-before`, 401],
    ['none of them', 'another-token-of-nobody', 401],
  ])('takes %s', async (_name, token, status) => {
    const variables = () => ({ METRICS_TOKEN: `${TOKEN},the-token-that-was-before` });
    const answer = await ask({ variables }, { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(status);
  });
});

describe('GET /metrics with METRICS_TOKEN', () => {
  it('answers whoever sends it', async () => {
    const headers = { Authorization: `Bearer ${TOKEN}`, 'X-Forwarded-For': '203.0.113.9' };
    const answer = await ask({ variables: withToken }, headers);

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('shopkeeper_deliveries_total');
  });

  it.each([
    ['nothing', {}],
    ['another token', { Authorization: `Bearer ${TOKEN.slice(0, -1)}x` }],
    ['a part of it', { Authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['more than it', { Authorization: `Bearer ${TOKEN}x` }],
    ['another scheme', { Authorization: `Basic ${TOKEN}` }],
    ['the bare token', { Authorization: TOKEN }],
  ])('refuses %s, from this machine as well', async (_name, headers) => {
    const answer = await ask({ variables: withToken }, headers);

    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.text()).not.toContain('shopkeeper_');
  });

  it('does not take it from the address', async () => {
    shop = await startShop({ variables: withToken });
    const answer = await fetch(`${shop.url}/metrics?token=${TOKEN}`);

    expect(answer.status).toBe(401);
  });
});

describe('GET /metrics while the database is away', () => {
  it('still answers, and says so', async () => {
    shop = await startShop();
    await shop.database.kysely.destroy();
    const text = await (await fetch(`${shop.url}/metrics`)).text();

    expect(text).toMatch(/^shopkeeper_database_up 0$/m);
    expect(text).not.toMatch(/^shopkeeper_installations/m);
    expect(text).toMatch(/^shopkeeper_deliveries_total/m);
  });
});
