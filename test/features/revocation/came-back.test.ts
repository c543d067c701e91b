import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { features } from '../../../server/features.ts';
import { checkToken } from '../../../server/features/revocation/check.ts';
import { deleteRevoked } from '../../../server/features/revocation/delete-revoked.ts';
import {
  beginCheck,
  findCheck,
  updateCheck,
} from '../../../server/features/revocation/token-checks.ts';
import { RemoteError } from '../../../server/remote-error.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { createRemovalProbe } from '../../support/removal-probe.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

const DAY_MS = 24 * 60 * 60_000;

const { probe, withdraw, core } = createRemovalProbe();

let shop: Shop;
let id: string;
beforeEach(async () => {
  shop = await startShop({ features: [...features, probe] });
  ({ id } = await shop.install());
});
afterEach(() => shop.close());

describe('an account that was connected again in the middle of its end', () => {
  it('is not said to be deleted', async () => {
    const { installations } = shop.stores;
    await installations.setStatus(id, ['active'], 'revoked');
    const revoked = await installations.listUnfinished();
    await shop.install();
    const late = { ...core().installations, listUnfinished: async () => revoked };
    const info = vi.fn();
    const log = { ...core().log, info };
    await deleteRevoked({
      ...core(),
      installations: late,
      log,
      now: () => Date.now() + 31 * DAY_MS,
    });
    expect(await installations.find(id)).toMatchObject({ status: 'active' });
    expect(info).not.toHaveBeenCalled();
  });

  it('has its new token looked at twice as well', async () => {
    const { installations } = shop.stores;
    const { kysely } = core().database;
    await beginCheck(kysely, id, Date.now());
    await updateCheck(kysely, id, { accepted_looks: 0, rejected_at: 0 });
    const installation = await installations.find(id);
    const event = await insertEvent(core().database, { installation_id: id, state: 'done' });
    if (installation === undefined) throw new Error('It is not installed.');
    const rejected = new RemoteError('GetTokenInfo', { status: 401 });
    const zendesk = { getTokenInfo: () => Promise.reject(rejected) };
    await installations.setStatus(id, ['active'], 'checking');
    withdraw.mockImplementationOnce(async () => {
      await installations.setStatus(id, ['removing'], 'active');
    });

    const settlement = await checkToken({ ...core(), zendesk }, installation, event);
    expect(settlement).toMatchObject({ state: 'waiting' });
    expect(await findCheck(kysely, id)).toMatchObject({ rejected_at: null });
  });
});
