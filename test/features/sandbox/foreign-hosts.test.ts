import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askAsHost as ask, FOREIGN, OWN } from '../../support/browser/ask-as-host.ts';
import { startShop, type Shop, type ShopOptions } from '../../support/start-shop.ts';

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
    expect((await ask(`${shop.url}/install`, host)).status).toBe(421);
  });

  it.each(OWN)('answers %s', async (host) => {
    expect((await ask(`${shop.url}/`, host)).status).toBe(200);
  });

  it('answers the name in PUBLIC_URL, and probes under any', async () => {
    await shop.restart('https://tunnel.example.com');
    expect((await ask(`${shop.url}/`, 'Tunnel.Example.com')).status).toBe(200);
    for (const path of ['/readyz', '/healthz'])
      expect((await ask(shop.url + path, 'app-1:3000')).status).toBe(200);
    expect((await ask(`${shop.url}/`, 'another.example.com')).status).toBe(421);
  });
});

describe('the app with Zendesk', () => {
  it('answers under whichever name the proxy passes on', async () => {
    await start({ sandboxMode: false });
    for (const host of FOREIGN) expect((await ask(`${shop.url}/`, host)).status).toBe(200);
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
