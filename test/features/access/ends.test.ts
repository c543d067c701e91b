import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endUnusedAccess } from '../../../server/features/access/visits.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';

const DAY_MS = 24 * 60 * 60_000;

let clock = 0;
let shop: Shop;
beforeEach(async () => {
  clock = 0;
  shop = await startShop({ now: () => Date.now() + clock });
});
afterEach(() => shop.close());

const trail = async (id: string) =>
  shop.notes
    .latest(id, 50)
    .map(({ text }) => text)
    .join('\n');

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
    const { browser, page, statusUrl, id } = await shop.installAndOpen();
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
    const { browser, page, statusUrl } = await shop.installAndOpen();
    const tab = await browser.get(`${statusUrl}/manage`);
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
    const { browser, page, id } = await shop.installAndOpen();
    await browser.submit(page, '/sign-out');
    const again = await shop.install();
    expect(again.id).toBe(id);
  });
});

describe('access', () => {
  it('ends a year after the last visit, and not before', async () => {
    const { id, browser, statusUrl } = await shop.install();
    const [grant] = await shop.stores.installationOwners.list(id);
    const observe = { note: shop.notes.add };
    const { database } = shop;
    const endUnused = () => endUnusedAccess({ database, observe, now: () => Date.now() + clock });
    const owns = () => shop.stores.installationOwners.owns(grant?.owner_id ?? '', id);
    clock = 20 * DAY_MS;
    expect((await browser.get(statusUrl)).status).toBe(200);
    clock = 384 * DAY_MS;
    await endUnused();
    expect(await owns()).toBe(true);
    clock = 386 * DAY_MS;
    await endUnused();
    expect(await owns()).toBe(false);
    expect(await trail(id)).toMatch(/The access of browser [0-9a-f]{6} has ended: it had not come/);
    const rows = await shop.database.kysely.selectFrom('installation_owners').selectAll().execute();
    expect(rows).toEqual([]);
  });
});
