import { afterEach, describe, expect, it } from 'vitest';
import { Diagnosis, signDiagnosis } from '../../../server/commands/doctor/diagnosis.ts';
import { SESSION_SECRET, startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;
afterEach(() => shop.close());

/** The address of the shop by its number: what a proxy that changes the host would ask for. */
const direct = () => shop.url.replace('localhost', '127.0.0.1');
const publicHost = () => new URL(shop.url).host;

describe('the diagnosis', () => {
  const ask = (headers: Record<string, string>) => fetch(`${direct()}/diagnosis`, { headers });
  const signed = (secret = SESSION_SECRET, at = Date.now()) => ({
    Authorization: signDiagnosis(secret, at),
  });

  it('tells the holder of a session secret what the app sees and what the proxy claims', async () => {
    shop = await startShop();
    const response = await ask({ ...signed(), 'X-Forwarded-Host': publicHost() });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(Diagnosis.parse(await response.json())).toEqual({
      publicUrl: shop.url,
      seen: direct(),
      claimed: shop.url,
      forwardedFor: null,
      trusted: false,
      address: expect.stringContaining('127.0.0.1'),
      cookie: null,
    });
  });

  it('sees a cookie it set, and whether the proxy is trusted', async () => {
    shop = await startShop({ trustProxy: 1 });
    const first = await ask(signed());
    const [cookie = ''] = first.headers.getSetCookie();
    const [pair = ''] = cookie.split(';');
    const second = await ask({ ...signed(), cookie: pair, 'X-Forwarded-For': '203.0.113.7' });
    expect(await second.json()).toMatchObject({
      cookie: pair.split('=')[1],
      forwardedFor: '203.0.113.7',
      trusted: true,
      address: '203.0.113.7',
    });
  });

  it.each<[string, () => Record<string, string>]>([
    ['nobody', () => ({})],
    ['another secret', () => signed('y'.repeat(32))],
    ['an old signature', () => signed(SESSION_SECRET, Date.now() - 6 * 60_000)],
    ['a signature of tomorrow', () => signed(SESSION_SECRET, Date.now() + 6 * 60_000)],
    [
      'a changed time',
      () => ({
        Authorization: signed().Authorization.replace(/\d\./, (d) => `${9 - Number(d[0])}.`),
      }),
    ],
    ['something else', () => ({ Authorization: 'Bearer x' })],
  ])('does not exist for %s', async (_name, headers) => {
    shop = await startShop();
    const response = await ask(headers());
    expect(response.status).toBe(404);
    expect(response.headers.getSetCookie().join()).not.toContain('diagnosis');
  });
});
