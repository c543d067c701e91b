import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../server/features.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop({ features: features.filter(({ name }) => name !== 'access') });
});
afterEach(() => shop.close());

describe('access to an account, with nothing but the core,', () => {
  it('is of each browser that installed it', async () => {
    const first = await shop.install();
    const second = await shop.install();
    expect(second.id).toBe(first.id);
    for (const { browser, statusUrl } of [first, second])
      expect((await browser.get(statusUrl)).status).toBe(200);
    expect((await first.browser.get(first.statusUrl)).text).not.toContain('sign-out');
  });

  it('is the installer’s alone after Zendesk had ended ours', async () => {
    const before = await shop.install();
    await shop.stores.installations.setStatus(before.id, ['active'], 'revoked');
    const after = await shop.install();
    expect(after.id).toBe(before.id);
    expect((await after.browser.get(after.statusUrl)).status).toBe(200);
    expect((await before.browser.get(before.statusUrl)).status).toBe(404);
    const lines = shop.notes.latest(before.id, 50).map(({ text }) => text);
    expect(lines.join('\n')).toMatch(/The access of browser [0-9a-f]{6} has ended: the bot/);
  });
});
