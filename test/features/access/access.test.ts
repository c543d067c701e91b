import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, readCsrf } from '../../support/browser/browser.ts';
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

describe('“Who has access”', () => {
  it('names every browser with its days, and lets one end the access of another', async () => {
    const first = await shop.install();
    clock = 3 * DAY_MS;
    const second = await shop.install();
    expect(second.id).toBe(first.id);
    const page = await second.browser.get(`${second.statusUrl}/manage`);
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
    const { id, browser, statusUrl } = await shop.install();
    const page = await browser.get(`${statusUrl}/manage`);
    expect(page.text).toContain('This browser');
    const [grant] = await shop.stores.installationOwners.list(id);
    expect(page.text).not.toContain(grant?.owner_id);
  });

  it('ends no access for a stranger, for another account’s owner, or without the form’s field', async () => {
    const acme = await shop.install();
    const second = await shop.install();
    const bloom = await shop.installAndOpen('bloom');
    const [grant] = await shop.stores.installationOwners.list(acme.id);
    expect(grant).toBeDefined();
    const page = await second.browser.get(second.statusUrl);
    const browser = /name="browser" value="([0-9a-f]{32})"/.exec(page.text)?.[1] ?? '';
    const url = `${acme.statusUrl}/access/remove`;
    const csrf = readCsrf(bloom.page);

    expect((await createBrowser().post(url, { browser })).status).toBe(403);
    expect((await second.browser.post(url, { browser })).status).toBe(403);
    expect((await bloom.browser.post(url, { browser, _csrf: csrf })).status).toBe(404);
    expect(await shop.stores.installationOwners.list(acme.id)).toHaveLength(2);
  });

  it('says what is missing when the form names nobody', async () => {
    const { browser, page, statusUrl } = await shop.installAndOpen();
    const _csrf = readCsrf(page);
    const answer = await browser.post(`${statusUrl}/access/remove`, { _csrf });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('does not say whose access to end');
  });

  it('does not take the viewer’s own access: that is what signing out is for', async () => {
    const { browser, page, statusUrl, id } = await shop.installAndOpen();
    const own = /id="access-([0-9a-f]{32})"/.exec(page.text)?.[1] ?? '';
    const _csrf = readCsrf(page);
    await browser.post(`${statusUrl}/access/remove`, { _csrf, browser: own });
    expect(await shop.stores.installationOwners.list(id)).toHaveLength(1);
  });
});
