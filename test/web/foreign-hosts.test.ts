import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startShop, type Shop, type ShopOptions } from '../support/start-shop.ts';

/** A page of the internet whose name leads to this machine. */
const FOREIGN = [
  'evil.example',
  'evil.example:3000',
  'localhost.evil.example',
  '10.0.0.1',
  '[::2]',
];
const OWN = ['localhost', 'LOCALHOST:1', 'localhost.', '127.0.0.1:3000', '127.0.0.9', '[::1]:3000'];

interface Asked {
  method?: string;
  headers?: Record<string, string>;
}

/** `fetch` sets Host itself. */
function ask(url: string, host: string, { method = 'GET', headers = {} }: Asked = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers, host } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

let shop: Shop;
const start = async (options: ShopOptions = {}) => {
  shop = await startShop(options);
};
afterEach(() => shop.close());

describe('the app with its sandbox', () => {
  beforeEach(() => start());

  it.each(FOREIGN)('refuses %s with a sentence', async (host) => {
    const answer = await ask(`${shop.url}/`, host);
    expect(answer.status).toBe(421);
    expect(answer.text).toContain('knows no such host');
    expect(answer.text).toContain(shop.url);
    expect((await ask(`${shop.url}/metrics`, host)).status).toBe(403);
    expect((await ask(`${shop.url}/install`, host)).status).toBe(421);
  });

  it.each(OWN)('answers %s', async (host) => {
    expect((await ask(`${shop.url}/`, host)).status).toBe(200);
    expect((await ask(`${shop.url}/metrics`, host)).status).toBe(200);
  });

  it('answers the name in PUBLIC_URL, and probes under any', async () => {
    await shop.restart('https://tunnel.example.com');
    expect((await ask(`${shop.url}/`, 'Tunnel.Example.com')).status).toBe(200);
    expect((await ask(`${shop.url}/readyz`, 'app-1:3000')).status).toBe(200);
    expect((await ask(`${shop.url}/`, 'another.example.com')).status).toBe(421);
  });
});

describe('the app with Zendesk', () => {
  it('answers under whichever name the proxy passes on, but no metrics without a token', async () => {
    await start({ sandboxMode: false });
    for (const host of FOREIGN) {
      expect((await ask(`${shop.url}/`, host)).status).toBe(200);
      expect((await ask(`${shop.url}/metrics`, host)).status).toBe(403);
    }
    expect((await ask(`${shop.url}/metrics`, 'localhost:3000')).status).toBe(200);
  });

  it('answers whoever has the METRICS_TOKEN, whatever the name', async () => {
    await start({
      sandboxMode: false,
      variables: () => ({ METRICS_TOKEN: 'a-token-for-whoever-scrapes' }),
    });
    const headers = { authorization: 'Bearer a-token-for-whoever-scrapes' };
    expect((await ask(`${shop.url}/metrics`, 'app-1:3000', { headers })).status).toBe(200);
  });
});

describe('the sandbox', () => {
  beforeEach(() => start());
  const conversations = () => `${shop.sandbox.url}/accounts/acme/messenger/conversations`;
  const post = (host: string, headers: Record<string, string> = {}) =>
    ask(conversations(), host, { method: 'POST', headers });

  it.each(FOREIGN)('refuses %s, also where Origin says the same', async (host) => {
    const answer = await post(host, { origin: `http://${host}` });
    expect(answer.status).toBe(421);
    expect(answer.text).toContain('knows no such host');
    expect((await ask(`${shop.sandbox.url}/portal`, host)).status).toBe(421);
    expect((await ask(`${shop.sandbox.url}/sc/v2/tokenInfo`, host)).status).toBe(421);
  });

  it.each(OWN)('answers %s', async (host) => {
    expect((await ask(`${shop.sandbox.url}/`, host)).status).toBe(200);
  });

  it('compares Origin with its own address, never with Host', async () => {
    const { host, port } = new URL(shop.sandbox.url);
    for (const own of [shop.sandbox.url, `http://127.0.0.1:${port}`, `http://[::1]:${port}`])
      expect((await post(host, { origin: own })).status).toBe(303);
    for (const foreign of ['http://evil.example', `http://localhost:${Number(port) + 1}`, 'null'])
      expect((await post(host, { origin: foreign })).status).toBe(403);
  });

  it.each([
    ['same-origin', 'null', 303],
    ['same-origin', 'http://evil.example', 403],
    ['cross-site', 'null', 403],
    ['same-site', undefined, 403],
  ])('believes a browser that says %s and Origin %s: %d', async (site, origin, status) => {
    const { host } = new URL(shop.sandbox.url);
    const headers = { 'sec-fetch-site': site, ...(origin === undefined ? {} : { origin }) };
    expect((await post(host, headers)).status).toBe(status);
  });
});
