import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../support/browser/browser.ts';
import { createClock, type Clock } from '../../support/clock.ts';
import { engines } from '../../support/store/engines.ts';
import { CLIENT_ID, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe.each(engines)('every state of an installation has an end, on %s:', (engine) => {
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
  const goneWithin = (ms: number) =>
    laterBy(ms).then(() =>
      waitUntil('the installation is gone', async () => (await list()).length === 0),
    );
  const calls = (wanted: string) =>
    shop.zendesk.calls.filter(({ operation }) => operation === wanted).length;
  const failTokenInfo = (status = 500) =>
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status, times: 100 });

  describe('one whose account Zendesk did not tell', () => {
    it('is one installation with one token, however often the visitor starts again', async () => {
      failTokenInfo();
      const browser = createBrowser();
      const problem = await browser.open(await browser.allow(shop.url, 'acme'));
      expect(problem.status).toBe(502);
      for (let tries = 1; tries < 5; tries++) {
        const again = await browser.open(`${shop.url}/install`);
        expect([again.status, again.text]).toEqual([502, expect.stringContaining('Almost')]);
      }
      expect(await list()).toHaveLength(1);
      expect(shop.zendesk.installations()[0]?.accessTokens).toHaveLength(1);

      shop.zendesk.clearFaults();
      const finished = await browser.open(`${shop.url}/install`);
      expect(finished.text).toContain('Acme Outdoor');
      expect(await list()).toMatchObject([{ status: 'active' }]);
    });

    it('is one also when the consent page was open already', async () => {
      failTokenInfo();
      const browser = createBrowser();
      const first = await browser.allow(shop.url, 'acme');
      const second = await browser.allow(shop.url, 'acme');
      await browser.open(first);
      // Within a minute it could be another account's, still under way.
      clock.advance(2 * MINUTE_MS);
      shop.zendesk.clearFaults();
      failTokenInfo(401);
      // Not taken for withdrawn: that a permission is new may take Zendesk as long.
      expect((await browser.open(second)).text).toContain('Almost installed');
      expect(await list()).toHaveLength(1);
      expect((await browser.open(shop.url)).text.match(/class="card account"/g)).toHaveLength(1);
    });

    it('is finished without its visitor, who then sees it', async () => {
      failTokenInfo();
      const browser = createBrowser();
      await browser.open(await browser.allow(shop.url, 'acme'));
      shop.zendesk.clearFaults();
      await laterBy(11 * MINUTE_MS);
      await waitUntil(
        'the install is finished',
        async () => (await list())[0]?.status === 'active',
      );
      expect((await browser.open(shop.url)).text).toContain('Acme Outdoor');
    });

    it('is finished into the account’s installation, for whoever began it', async () => {
      const first = await shop.install();
      failTokenInfo();
      const browser = createBrowser();
      await browser.open(await browser.allow(shop.url, 'acme'));
      shop.zendesk.clearFaults();
      await laterBy(11 * MINUTE_MS);
      await waitUntil('there is one again', async () => (await list()).length === 1);
      expect((await browser.get(first.statusUrl)).status).toBe(200);
      expect((await first.browser.get(first.statusUrl)).status).toBe(200);
    });

    it.each([
      ['old-mill', []],
      // Zendesk takes the token back at the account's own address, which it never told us.
      ['acme', ['acme']],
    ])('is deleted after a day, and given back where that is possible (%s)', async (slug, left) => {
      failTokenInfo();
      const browser = createBrowser();
      await browser.open(await browser.allow(shop.url, slug));
      // Like a browser that keeps no cookies: nobody will ever come back for it.
      browser.cookies.clear();
      for (const ms of [DAY_MS - MINUTE_MS, 0]) {
        const before = calls('GetTokenInfo');
        await laterBy(ms);
        // Whoever has asked found it too young: what comes next is not done by two at once.
        await waitUntil('Zendesk was asked again', () => calls('GetTokenInfo') > before);
      }
      expect(await list()).toHaveLength(1);
      await goneWithin(2 * MINUTE_MS);
      expect(shop.zendesk.installations().map(({ account }) => account)).toEqual(left);
      const isTold = shop.printed.join('').includes('was not revoked');
      expect(isTold).toBe(left.length > 0);
    });

    it('is deleted at once when the permission was withdrawn, and starting again starts', async () => {
      failTokenInfo();
      const browser = createBrowser();
      await browser.open(await browser.allow(shop.url, 'acme'));
      shop.zendesk.clearFaults();
      shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
      shop.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
      clock.advance(2 * MINUTE_MS);
      const over = await browser.open(`${shop.url}/install`);
      expect(over.text).toContain('withdrawn');
      expect(over.text).toContain('href="/install">Start again</a>');
      expect(over.text).not.toContain('Try again');
      expect(await list()).toEqual([]);
      expect((await browser.open(`${shop.url}/install`)).text).toContain('would like access');
    });
  });

  it('one whose token nobody goes on to check listens again after a day', async () => {
    const { id } = await shop.install();
    await shop.stores.installations.setStatus(id, ['active'], 'checking');
    await laterBy(DAY_MS - MINUTE_MS);
    expect(await list()).toMatchObject([{ status: 'checking' }]);
    await laterBy(2 * MINUTE_MS);
    await waitUntil('it is active', async () => (await list())[0]?.status === 'active');
  });

  describe('one that somebody died over while it was being removed', () => {
    const notTold = () => shop.printed.join('').includes('Zendesk was not told of a removal');
    let id: string;
    beforeEach(async () => {
      ({ id } = await shop.install());
      await shop.stores.installations.setStatus(id, ['active'], 'removing');
    });

    it('is removed at the next start, at Zendesk too', async () => {
      await goneWithin(0);
      expect(shop.zendesk.installations()).toEqual([]);
      expect(shop.notes.latest(id, 10).map(({ text }) => text)).toEqual([
        'The removal of Acme Outdoor had been interrupted, and was finished.',
      ]);
    });

    it('is removed when Zendesk knows it already', async () => {
      shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
      shop.zendesk.removeInstallation({ account: 'acme', clientId: CLIENT_ID });
      await goneWithin(0);
    });

    it('waits for Zendesk to be told, for a day', async () => {
      const failing = { kind: 'answer', operation: 'RevokeAccess', status: 500 } as const;
      shop.zendesk.armFault({ ...failing, times: 100 });
      await laterBy(DAY_MS - MINUTE_MS);
      await waitUntil('Zendesk was asked', () => calls('RevokeAccess') > 0);
      await waitUntil('it was given up for now', () =>
        shop.printed.join('').includes('could not be ended'),
      );
      expect(await list()).toMatchObject([{ status: 'removing' }]);
      expect(notTold()).toBe(false);
      await goneWithin(2 * MINUTE_MS);
      expect(notTold()).toBe(true);
    });
  });
});
