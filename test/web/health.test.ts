import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startShop, type Shop } from '../support/start-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

const ask = async (path: string) => {
  const answer = await fetch(`${shop.url}${path}`);
  return [answer.status, await answer.json()];
};

describe('the health checks', () => {
  it('are both fine when the app runs', async () => {
    expect(await ask('/healthz')).toEqual([200, { status: 'ok' }]);
    expect(await ask('/readyz')).toEqual([200, { status: 'ready', database: true }]);
  });

  it('tell alive from ready when the database is away', async () => {
    await shop.database.kysely.destroy();
    expect(await ask('/healthz')).toEqual([200, { status: 'ok' }]);
    expect(await ask('/readyz')).toEqual([
      503,
      { status: 'not ready', database: false, reason: 'the database cannot be written' },
    ]);
  });

  it('set no cookie', async () => {
    for (const path of ['/healthz', '/readyz']) {
      expect((await fetch(`${shop.url}${path}`)).headers.has('set-cookie')).toBe(false);
    }
  });
});
