import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Core } from '../../../server/core.ts';
import { features } from '../../../server/features.ts';
import type { Feature, FeatureParts } from '../../../server/features/feature.ts';
import { endInstallations } from '../../../server/installations/uninstall/end-installations.ts';
import { uninstall } from '../../../server/installations/uninstall/uninstall.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

let core: Core | undefined;
const withdraw = vi.fn<NonNullable<FeatureParts['beforeRemoval']>>(async () => {});
const probe: Feature = {
  name: 'probe',
  open(given) {
    core = given;
    return { beforeRemoval: withdraw };
  },
};

let shop: Shop;
beforeEach(async () => {
  withdraw.mockClear();
  shop = await startShop({ features: [...features, probe] });
});
afterEach(() => shop.close());

describe('an account that was connected again while its end was waited for', () => {
  it('keeps its new access at Zendesk', async () => {
    const { id } = await shop.install();
    const { installations } = shop.stores;
    await installations.setStatus(id, ['active'], 'removing');
    const unfinished = await installations.listUnfinished();
    await shop.install();
    if (core === undefined) throw new Error('The app was not put together.');
    const late = { ...core.installations, listUnfinished: async () => unfinished };
    await endInstallations({ ...core, installations: late }, true);
    expect(await installations.find(id)).toMatchObject({ status: 'active' });
    expect(shop.zendesk.installations()).toHaveLength(1);
    expect(shop.zendesk.calls.map(({ operation }) => operation)).not.toContain('RevokeAccess');
  });

  it('keeps its access at other services', async () => {
    const { id } = await shop.install();
    if (core === undefined) throw new Error('The app was not put together.');
    await uninstall(core, { id }, 'It had left 30 days ago.', 'revoked');
    expect(withdraw).not.toHaveBeenCalled();
    await uninstall(core, { id }, 'It was disconnected.', 'active');
    expect(withdraw).toHaveBeenCalledExactlyOnceWith(id);
    expect(await shop.stores.installations.find(id)).toBeUndefined();
  });
});
