import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { features } from '../../server/features.ts';
import type { Feature } from '../../server/features/feature.ts';
import { startShop } from '../support/start-shop.ts';
import { engines } from '../support/store/engines.ts';
import { waitUntil } from '../support/wait-until.ts';

describe.each(engines)('a stop while features still begin their work, on %s,', (engine) => {
  it('ends it: nothing more is begun afterwards', async () => {
    let held = Promise.resolve();
    let begin = () => {};
    const startSlowly = vi.fn<() => Promise<void>>(() => held);
    const startLater = vi.fn<() => Promise<void>>(async () => {});
    const toFeature = (name: string, start: () => Promise<void>): Feature => {
      return { name, open: () => ({ work: { start, stop: async () => {} } }) };
    };
    const slow = toFeature('slow', startSlowly);
    const later = toFeature('later', startLater);
    const shop = await startShop({ engine, features: [...features, slow, later] });

    held = new Promise((resolve) => {
      begin = resolve;
    });
    const starting = shop.restart();
    await waitUntil('it begins', () => startSlowly.mock.calls.length === 2);
    await shop.close();
    begin();
    await starting;
    // As long as a look for events takes.
    await sleep(50);
    expect(startLater).toHaveBeenCalledTimes(1);
    expect(shop.printed.join('')).not.toContain('"level":50');
  });
});
