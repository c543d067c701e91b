import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser/browser.ts';
import { startShop, type Shop } from '../support/start-shop.ts';
import { plantAttempts } from './support/plant-attempts.ts';

describe('the callback of an install', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await startShop();
  });
  afterEach(() => shop.close());

  it('gives nothing to an owner in whose browser a neighbour planted an attempt', async () => {
    const { browser: victim } = await shop.install('bloom');
    const attacker = createBrowser();
    const callback = await attacker.allow(shop.url, 'acme');
    plantAttempts(attacker, victim);

    const refused = await victim.get(callback);
    expect([refused.status, refused.text.includes('belongs to another browser')]).toEqual([
      400,
      true,
    ]);
    const home = await victim.get(shop.url);
    expect([home.text.includes('Bloom Bakery'), home.text.includes('Acme Outdoor')]).toEqual([
      true,
      false,
    ]);
    expect((await attacker.open(callback)).text).toContain('Acme Outdoor');
    expect((await victim.get(callback)).status).toBe(400);
    // Where it led to is known by now, and so is whom that concerns.
    const all = await shop.stores.installations.list();
    const acme = all.find(({ subdomain }) => subdomain === 'acme');
    const [line] = shop.notes.latest(acme?.id ?? '', 1);
    expect(line?.text).toMatch(
      /^An authorization at Zendesk in browser [0-9a-f]{6} did not succeed\./,
    );
  });

  it('refuses such an attempt also when the attacker’s browser owns something', async () => {
    const { browser: attacker } = await shop.install('acme');
    const callback = await attacker.allow(shop.url, 'acme');
    const victim = createBrowser();
    await victim.allow(shop.url, 'bloom');
    plantAttempts(attacker, victim);
    const own = await victim.allow(shop.url, 'bloom');
    expect((await victim.get(own)).status).toBe(303);
    expect((await victim.get(callback)).status).toBe(400);
    expect((await victim.get(shop.url)).text).not.toContain('Acme Outdoor');
  });

  it.each([
    ['in the order they began', [0, 1]],
    ['the last one first', [1, 0]],
  ])('lets two first tabs finish that began at once, %s', async (_order, order) => {
    const browser = createBrowser();
    // Both requests are sent before any answer brings a session.
    const tabs = await Promise.all([
      browser.allow(shop.url, 'acme'),
      browser.allow(shop.url, 'bloom'),
    ]);
    const owners = await shop.database.kysely
      .selectFrom('oauth_attempts')
      .select('owner_id')
      .execute();
    expect(new Set(owners.map((row) => row.owner_id)).size).toBe(2);
    const pages = [];
    for (const tab of order) pages.push(await browser.get(tabs[tab] ?? ''));
    expect(pages.map(({ status }) => status)).toEqual([303, 303]);
    for (const page of pages) expect((await browser.get(browser.location(page))).status).toBe(200);
  });

  it('lets two first tabs finish that began and end at once', async () => {
    const browser = createBrowser();
    const tabs = await Promise.all([
      browser.allow(shop.url, 'acme'),
      browser.allow(shop.url, 'bloom'),
    ]);
    const pages = await Promise.all(tabs.map((tab) => browser.get(tab)));
    expect(pages.map(({ status }) => status)).toEqual([303, 303]);
    for (const page of pages) expect((await browser.get(browser.location(page))).status).toBe(200);
  });

  it('keeps the permission of a tab that is stuck when another tab finishes', async () => {
    const browser = createBrowser();
    const stuck = await browser.allow(shop.url, 'acme');
    const other = await browser.allow(shop.url, 'bloom');
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500 });
    const failed = await browser.get(stuck);
    const retry = /href="(\/installations\/[0-9a-f]{32})"/.exec(failed.text)?.[1] ?? '';
    expect((await browser.open(other)).text).toContain('Bloom Bakery');
    expect((await browser.open(`${shop.url}${retry}`)).text).toContain('Acme Outdoor');
  });

  it('refuses two cookies of one name instead of guessing, and spends nothing', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    const attempt = [...browser.cookies.keys()].find((name) => name.includes('attempt'));
    const real = browser.cookieHeader();
    for (const cookie of [`${attempt}=planted; ${real}`, `${real}; ${attempt}=planted`]) {
      const answer = await fetch(callback, { headers: { cookie }, redirect: 'manual' });
      const text = await answer.text();
      expect([answer.status, text.includes('<h1>Two cookies of one name</h1>')]).toEqual([
        400,
        true,
      ]);
      expect(text).toContain('Delete the cookies of this site');
    }
    expect((await browser.get(callback)).status).toBe(303);
  });

  it('keeps five attempts alive in a browser, whoever it was when it began them', async () => {
    const browser = createBrowser();
    for (let tab = 0; tab < 7; tab += 1) {
      await browser.allow(shop.url, 'acme');
      browser.cookies.delete('shopkeeper');
    }
    expect([...browser.cookies.keys()].filter((name) => name.includes('attempt'))).toHaveLength(5);
    const rows = await shop.database.kysely.selectFrom('oauth_attempts').selectAll().execute();
    expect(rows).toHaveLength(5);
  });
});
