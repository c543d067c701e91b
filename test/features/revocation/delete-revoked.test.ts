import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock, type Clock } from '../../support/clock.ts';
import { engines } from '../../support/store/engines.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe.each(engines)('an account that has left, on %s,', (engine) => {
  let shop: Shop;
  let clock: Clock;
  beforeEach(async () => {
    clock = createClock(Date.now());
    shop = await startShop({ engine, now: clock.now });
  });
  afterEach(() => shop.close());

  /** What runs every hour runs at every start as well. */
  async function laterBy(ms: number): Promise<void> {
    clock.advance(ms);
    await shop.restart();
  }
  const list = () => shop.stores.installations.list();

  it('is deleted after 30 days', async () => {
    const { id } = await shop.install();
    await shop.stores.installations.setStatus(id, ['active'], 'revoked');
    await laterBy(30 * DAY_MS - MINUTE_MS);
    expect(await list()).toHaveLength(1);
    await laterBy(2 * MINUTE_MS);
    expect(await list()).toEqual([]);
    const lines = shop.notes.latest(id, 10);
    expect(lines.map(({ text }) => text)).toEqual([expect.stringContaining('30 days ago')]);
  });

  it('is whole again when the account comes back in time', async () => {
    const { id } = await shop.install();
    await shop.stores.installations.setStatus(id, ['active'], 'revoked');
    clock.advance(29 * DAY_MS);
    expect((await shop.install()).id).toBe(id);
    await laterBy(2 * DAY_MS);
    expect(await list()).toMatchObject([{ id, status: 'active' }]);
  });
});
