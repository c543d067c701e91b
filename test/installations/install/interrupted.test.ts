import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../../server/features.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { engines } from '../../support/store/engines.ts';

/** The database goes away while the row of a second install is deleted, once. */
let isCut = false;
const cut: Feature = {
  name: 'cut',
  open: () => ({
    observer: {
      async remove() {
        if (!isCut) return;
        isCut = false;
        throw new Error('The database is gone.');
      },
    },
  }),
};

describe.each(engines)('an account that is installed again, interrupted, on %s,', (engine) => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await startShop({ engine, features: [...features, cut] });
  });
  afterEach(() => shop.close());

  it.each(['active', 'revoked'] as const)(
    'is installed when its visitor starts again (%s)',
    async (status) => {
      const first = await shop.install();
      await shop.stores.installations.setStatus(first.id, ['active'], status);
      const browser = createBrowser();
      isCut = true;
      const interrupted = await browser.open(await browser.allow(shop.url, 'acme'));
      expect([interrupted.status, isCut]).toEqual([500, false]);

      const page = await browser.open(`${shop.url}/install`);
      expect([page.status, page.url]).toEqual([200, first.statusUrl]);
      const all = await shop.stores.installations.list();
      expect(all).toMatchObject([{ id: first.id, status: 'active' }]);
      const before = await first.browser.get(first.statusUrl);
      // Who had access before Zendesk ended ours has none any more.
      expect(before.status).toBe(status === 'active' ? 200 : 404);
    },
  );
});
