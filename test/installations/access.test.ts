import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endUnusedAccess } from '../../server/installations/access.ts';
import { createBrowser } from '../support/browser.ts';
import { startShop, type Shop } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

const DAY_MS = 24 * 60 * 60_000;

let clock = 0;
let shop: Shop;
beforeEach(async () => {
  clock = 0;
  shop = await startShop({ now: () => Date.now() + clock });
});
afterEach(() => shop.close());

const trail = async (id: string) =>
  (await shop.stores.activityLog.latest(id, 50)).map(({ text }) => text).join('\n');

describe('signing out', () => {
  it('is offered on every page of an owner, and on none of a stranger', async () => {
    const { browser, statusUrl } = await shop.install();
    const pages = [statusUrl, `${statusUrl}/events`, `${statusUrl}/connections`];
    for (const url of [...pages, `${statusUrl}/delete`, `${shop.url}/privacy`, shop.url]) {
      expect((await browser.get(url)).text, url).toContain('action="/sign-out"');
    }
    expect((await createBrowser().get(shop.url)).text).not.toContain('/sign-out');
  });

  it('ends the session, and with it the access to every account', async () => {
    const { browser, page, statusUrl, id } = await shop.install();
    const stolen = createBrowser();
    for (const [name, cookie] of browser.cookies) stolen.cookies.set(name, cookie);
    expect((await stolen.get(statusUrl)).status).toBe(200);

    const home = await browser.submit(page, '/sign-out');
    expect(home.text).toContain('You are signed out');
    expect(home.text).toContain('No accounts yet');
    for (const someone of [browser, stolen])
      expect((await someone.get(statusUrl)).status).toBe(404);
    expect(await trail(id)).toMatch(/The browser [0-9a-f]{6} signed out\./);
    expect(await shop.stores.installationOwners.list(id)).toEqual([]);
  });

  it('leaves no callback in the history that would sign in again', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    await browser.submit(await browser.open(callback), '/sign-out');
    const reloaded = await browser.get(callback);
    expect(reloaded.status).toBe(400);
    expect(reloaded.text).toContain('This sign-in is over');
  });

  it('needs the field of its form', async () => {
    const { browser, statusUrl } = await shop.install();
    expect((await browser.post(`${shop.url}/sign-out`, {})).status).toBe(403);
    expect((await browser.get(statusUrl)).status).toBe(200);
  });

  it('explains itself to a form of another tab, which changes nothing', async () => {
    const { browser, page, statusUrl } = await shop.install();
    const tab = await browser.get(statusUrl);
    await browser.submit(page, '/sign-out');
    const calls = shop.zendesk.calls.length;
    for (const action of ['/test-message', '/disconnect', '/sign-out']) {
      const { status, text } = await browser.submit(tab, action);
      expect([action, status]).toEqual([action, 403]);
      expect(text).toContain('<h1>You are signed out</h1>');
      expect(text).toContain('href="/install"');
      expect(text).not.toContain('reload the page');
    }
    expect(shop.zendesk.calls).toHaveLength(calls);
  });

  it('leaves the bot installed, for whoever adds it again', async () => {
    const { browser, page, id } = await shop.install();
    await browser.submit(page, '/sign-out');
    const again = await shop.install();
    expect(again.id).toBe(id);
  });

  it('ends the live feed of another tab', async () => {
    const { browser, page, statusUrl } = await shop.install();
    const cookie = browser.cookieHeader();
    const feed = await fetch(`${statusUrl}/activity`, {
      headers: { cookie, accept: 'text/event-stream' },
    });
    await browser.submit(page, '/sign-out');
    // Ends only when the server ends it.
    expect(await feed.text()).not.toContain('signed out');
  });
});

describe('“Who has access”', () => {
  it('names every browser with its days, and lets one end the access of another', async () => {
    const first = await shop.install();
    clock = 3 * DAY_MS;
    const second = await shop.install();
    expect(second.id).toBe(first.id);
    const page = await second.browser.get(second.statusUrl);
    expect(page.text).toContain('This browser');
    expect(page.text).toContain('Another browser');
    expect(await trail(first.id)).toMatch(/A new browser [0-9a-f]{6} got access/);

    const after = await second.browser.submit(page, '/access/remove');
    expect(after.text).toMatch(/The access of browser [0-9a-f]{6} has ended\./);
    expect((await first.browser.get(first.statusUrl)).status).toBe(404);
    expect((await first.browser.get(shop.url)).text).toContain('No accounts yet');
    expect((await second.browser.get(second.statusUrl)).status).toBe(200);
    expect(await trail(first.id)).toMatch(/was ended by browser/);

    const twice = await second.browser.submit(page, '/access/remove');
    expect(twice.text).toContain('That browser has no access any more.');
  });

  it('shows no owner id', async () => {
    const { id, page } = await shop.install();
    const [grant] = await shop.stores.installationOwners.list(id);
    expect(page.text).not.toContain(grant?.ownerId);
  });

  it('ends no access for a stranger, for another account’s owner, or without the form’s field', async () => {
    const acme = await shop.install();
    const second = await shop.install();
    const bloom = await shop.install('bloom');
    const [grant] = await shop.stores.installationOwners.list(acme.id);
    expect(grant).toBeDefined();
    const page = await second.browser.get(second.statusUrl);
    const browser = /name="browser" value="([0-9a-f]{32})"/.exec(page.text)?.[1] ?? '';
    const url = `${acme.statusUrl}/access/remove`;
    const csrf = /name="_csrf" value="([^"]*)"/.exec(bloom.page.text)?.[1] ?? '';

    expect((await createBrowser().post(url, { browser })).status).toBe(403);
    expect((await second.browser.post(url, { browser })).status).toBe(403);
    expect((await bloom.browser.post(url, { browser, _csrf: csrf })).status).toBe(404);
    expect(await shop.stores.installationOwners.list(acme.id)).toHaveLength(2);
  });

  it('says what is missing when the form names nobody', async () => {
    const { browser, page, statusUrl } = await shop.install();
    const _csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const answer = await browser.post(`${statusUrl}/access/remove`, { _csrf });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('does not say whose access to end');
  });

  it('does not take the viewer’s own access: that is what signing out is for', async () => {
    const { browser, page, statusUrl, id } = await shop.install();
    const own = /id="access-([0-9a-f]{32})"/.exec(page.text)?.[1] ?? '';
    const _csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    await browser.post(`${statusUrl}/access/remove`, { _csrf, browser: own });
    expect(await shop.stores.installationOwners.list(id)).toHaveLength(1);
  });
});

describe('access', () => {
  it('ends a year after the last visit, and not before', async () => {
    const { id, browser, statusUrl } = await shop.install();
    const [grant] = await shop.stores.installationOwners.list(id);
    const owns = () => shop.stores.installationOwners.owns(grant?.ownerId ?? '', id);
    clock = 20 * DAY_MS;
    expect((await browser.get(statusUrl)).status).toBe(200);
    clock = 384 * DAY_MS;
    expect(await owns()).toBe(true);
    clock = 386 * DAY_MS;
    expect(await owns()).toBe(false);
    expect(await shop.stores.installationOwners.list(id)).toEqual([]);
    await endUnusedAccess(shop.stores);
    expect(await trail(id)).toMatch(/The access of browser [0-9a-f]{6} has ended: it had not come/);
    const rows = await shop.database.kysely.selectFrom('installation_owners').selectAll().execute();
    expect(rows).toEqual([]);
  });

  it('is the installer’s alone after Zendesk had ended ours', async () => {
    const before = await shop.install();
    await shop.stores.installations.setStatus(before.id, ['active'], 'revoked');
    const after = await shop.install();
    expect(after.id).toBe(before.id);
    expect((await after.browser.get(after.statusUrl)).status).toBe(200);
    expect((await before.browser.get(before.statusUrl)).status).toBe(404);
    expect(await trail(before.id)).toMatch(/The access of browser [0-9a-f]{6} has ended: the bot/);
  });

  it('leaves a line when somebody takes the data along', async () => {
    const { id, browser, statusUrl } = await shop.install();
    await browser.get(`${statusUrl}/export`);
    await waitUntil('the export is in the trail', async () =>
      /Everything was exported by browser [0-9a-f]{6}\./.test(await trail(id)),
    );
  });
});
