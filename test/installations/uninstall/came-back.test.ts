import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { features } from '../../../server/features.ts';
import { endInstallations } from '../../../server/installations/uninstall/end-installations.ts';
import { uninstall, uninstallForOwner } from '../../../server/installations/uninstall/uninstall.ts';
import { RemoteError } from '../../../server/remote-error.ts';
import { createBrowser, type Browser } from '../../support/browser/browser.ts';
import { createClock } from '../../support/clock.ts';
import { createRemovalProbe } from '../../support/removal-probe.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

const { probe, withdraw, core } = createRemovalProbe();

const clock = createClock(Date.now());
let shop: Shop;
beforeEach(async () => {
  withdraw.mockClear();
  shop = await startShop({ features: [...features, probe], now: clock.now });
});
afterEach(() => shop.close());

describe('an account that was connected again while its end was waited for', () => {
  it('keeps its new access at Zendesk', async () => {
    const { id } = await shop.install();
    const { installations } = shop.stores;
    await installations.setStatus(id, ['active'], 'removing');
    const unfinished = await installations.listUnfinished();
    await shop.install();
    const late = { ...core().installations, listUnfinished: async () => unfinished };
    await endInstallations({ ...core(), installations: late }, true);
    expect(await installations.find(id)).toMatchObject({ status: 'active' });
    expect(shop.zendesk.installations()).toHaveLength(1);
    expect(shop.zendesk.calls.map(({ operation }) => operation)).not.toContain('RevokeAccess');
  });

  it('keeps its access at other services', async () => {
    const { id } = await shop.install();
    await uninstall(core(), { id }, 'It had left 30 days ago.', 'revoked');
    expect(withdraw).not.toHaveBeenCalled();
    await uninstall(core(), { id }, 'It was disconnected.', 'active');
    expect(withdraw).toHaveBeenCalledExactlyOnceWith(id);
    expect(await shop.stores.installations.find(id)).toBeUndefined();
  });

  it.each([
    ['disconnects', '', '/disconnect'],
    ['deletes everything', '/delete', '/delete'],
  ])('stays when the button was pressed that %s, which says so', async (_what, path, form) => {
    const { browser, id, statusUrl } = await shop.install();
    // In another tab, for one.
    withdraw.mockImplementationOnce(async () => void (await shop.install()));
    const home = await browser.submit(await browser.open(statusUrl + path), form);
    expect(home.text).toContain('was connected again meanwhile');
    // Zendesk tells of the removal, too: then whether it is there is looked at once more.
    await waitUntil('it is active', async () => {
      return (await shop.stores.installations.find(id))?.status === 'active';
    });
    expect(shop.zendesk.installations()).toHaveLength(1);
  });
});

it('an account whose new install ends in the moment its owner’s button is done with the old one is kept', async () => {
  const { id } = await shop.install();
  const { installations, secrets } = shop.stores;
  const installation = await installations.find(id);
  if (installation === undefined) throw new Error('It is not installed.');
  shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
  let reads = 0;
  async function getAll(owner: string) {
    const read = await secrets.getAll(owner);
    // The first tells what the button was pressed for.
    if (++reads === 2) await shop.install();
    return read;
  }
  const slow = { ...core(), secrets: { ...core().secrets, getAll } };
  const onUntold = vi.fn<() => Promise<void>>(async () => {});
  expect(await uninstallForOwner(slow, installation, 'Removed.', onUntold)).toBe(false);
  expect(onUntold).not.toHaveBeenCalled();
  expect(reads).toBe(2);
  expect(await installations.find(id)).toMatchObject({ status: 'active' });
});

describe('an install that was not finished, and whose visitor comes back while Zendesk is asked', () => {
  let browser: Browser;
  beforeEach(async () => {
    browser = createBrowser();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500 });
    expect((await browser.open(await browser.allow(shop.url, 'acme'))).status).toBe(502);
  });

  /** Goes on with it after so long; meanwhile the visitor does something, and Zendesk refuses what it was asked. */
  async function endAfter(ms: number, status: number, meanwhile: () => Promise<unknown>) {
    clock.advance(ms);
    const getTokenInfo = async () => {
      await meanwhile();
      throw new RemoteError('GetTokenInfo', { status });
    };
    await endInstallations({ ...core(), zendesk: { ...core().zendesk, getTokenInfo } });
  }

  it('is kept when the visitor finishes it, a day later', async () => {
    await endAfter(25 * 60 * 60_000, 500, () => browser.open(`${shop.url}/install`));
    expect(await shop.stores.installations.list()).toMatchObject([{ status: 'active' }]);
    expect(shop.zendesk.installations()).toHaveLength(1);
  });

  it('is kept when there is a new permission in place of the one that was withdrawn', async () => {
    const { installations } = shop.stores;
    const [unfinished] = await installations.list();
    const renew = () => installations.setStatus(unfinished?.id ?? '', ['installing'], 'installing');
    await endAfter(11 * 60_000, 401, renew);
    expect(await installations.list()).toMatchObject([{ status: 'installing' }]);
  });
});
