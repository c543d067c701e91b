import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { features } from '../../../server/features.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { engines } from '../../support/store/engines.ts';

/** What another instance does in the middle of an install, once. */
let meanwhile: Record<'grant' | 'note', (() => Promise<unknown>) | undefined>;
async function once(hook: keyof typeof meanwhile): Promise<void> {
  const act = meanwhile[hook];
  meanwhile[hook] = undefined;
  await act?.();
}
const neighbour: Feature = {
  name: 'neighbour',
  open: () => ({ observer: { grant: () => once('grant'), note: () => once('note') } }),
};

describe.each(engines)(
  'an account whose removal ends while it is installed again, on %s,',
  (engine) => {
    let shop: Shop;
    let first: string;
    beforeEach(async () => {
      meanwhile = { grant: undefined, note: undefined };
      shop = await startShop({ engine, features: [...features, neighbour] });
      ({ id: first } = await shop.install());
      await shop.stores.installations.setStatus(first, ['active'], 'removing');
    });
    afterEach(() => shop.close());

    const remove = () =>
      shop.stores.installations.remove(first, { kind: 'removed', text: 'Gone.' }, 'removing');

    it.each([
      ['before its new owner has access', 'note'],
      ['after that', 'grant'],
    ] as const)('is installed, with its new token (%s)', async (_when, hook) => {
      // The second grant of the install is the one to what the account had.
      meanwhile[hook] = hook === 'note' ? remove : async () => void (meanwhile.grant = remove);
      const second = await shop.install();
      expect(second.id).not.toBe(first);
      expect(await shop.stores.installations.list()).toMatchObject([
        { id: second.id, status: 'active' },
      ]);
      expect((await second.browser.get(second.statusUrl)).status).toBe(200);
    });
  },
);
