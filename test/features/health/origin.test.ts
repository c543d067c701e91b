import { afterEach, describe, expect, it } from 'vitest';
import { startShop, type Shop } from '../../support/start-shop.ts';

let shop: Shop;
afterEach(() => shop.close());

/** The address of the shop by its number: what a proxy that changes the host would ask for. */
const direct = () => shop.url.replace('localhost', '127.0.0.1');
const publicHost = () => new URL(shop.url).host;
const warnings = () => shop.printed.filter((line) => line.includes('TRUST_PROXY'));

/** A callback whose attempt cookie is missing. */
async function openWithoutCookie(headers: Record<string, string>): Promise<string> {
  const started = await fetch(`${shop.url}/install`, { redirect: 'manual' });
  const state = new URL(started.headers.get('location') ?? '').searchParams.get('state') ?? '';
  const callback = new URL('/oauth', direct());
  callback.search = new URLSearchParams({ code: 'abc', state }).toString();
  const response = await fetch(callback, { headers });
  expect(response.status).toBe(400);
  return await response.text();
}

describe('a request that came through a proxy which TRUST_PROXY does not cover', () => {
  it('is told to the operator once, with the fix and without a secret', async () => {
    shop = await startShop();
    for (const path of ['/', '/?code=a-secret-code', '/settings'])
      await fetch(`${direct()}${path}`, { headers: { 'X-Forwarded-Host': publicHost() } });
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain('TRUST_PROXY=1');
    expect(warnings()[0]).not.toContain('a-secret-code');
  });

  it('is named as the likely cause when a sign-in lost its cookie', async () => {
    shop = await startShop();
    const page = await openWithoutCookie({ 'X-Forwarded-Host': publicHost() });
    expect(page).toContain('TRUST_PROXY=1');
  });

  it('is nothing to speak of once TRUST_PROXY covers it', async () => {
    shop = await startShop({ trustProxy: 1 });
    const page = await openWithoutCookie({ 'X-Forwarded-Host': publicHost() });
    expect(page).not.toContain('TRUST_PROXY');
    expect(warnings()).toEqual([]);
  });
});

describe('the page of a lost cookie', () => {
  it('names the other host it was reached under', async () => {
    shop = await startShop();
    const page = await openWithoutCookie({});
    expect(page).toContain(`another host than PUBLIC_URL names (${publicHost()})`);
    expect(warnings()).toEqual([]);
  });

  it('names the other protocol', async () => {
    shop = await startShop({ trustProxy: 1 });
    const page = await openWithoutCookie({
      'X-Forwarded-Host': publicHost(),
      'X-Forwarded-Proto': 'https',
    });
    expect(page).toContain('another protocol than PUBLIC_URL names (http)');
  });
});
