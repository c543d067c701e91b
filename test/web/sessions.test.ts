import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { ensureOwnerId, sessions } from '../../server/web/sessions.ts';
import { createBrowser, readCsrf } from '../support/browser/browser.ts';
import { createGate } from '../support/gate.ts';
import { serve } from '../support/network/serve.ts';
import { SESSION_SECRET, startShop, type Shop } from '../support/start-shop.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let shop: Shop;
let later = 0;
afterEach(async () => {
  later = 0;
  await shop.close();
});
const open = async () => {
  shop = await startShop({ now: () => Date.now() + later });
};
const rows = () =>
  shop.database.kysely.selectFrom('sessions').selectAll().where('data', '!=', '').execute();

describe('a session', () => {
  it('lasts for as long as its owner comes back within thirty days', async () => {
    await open();
    const { browser, statusUrl } = await shop.install();
    for (let visit = 0; visit < 4; visit += 1) {
      later += 30 * DAY_MS;
      expect((await browser.get(statusUrl)).status).toBe(200);
    }
    later += 31 * DAY_MS;
    expect((await browser.get(statusUrl)).status).toBe(404);
  });

  it('is renewed once a day, and otherwise neither sent nor written', async () => {
    await open();
    const { browser, statusUrl } = await shop.install();
    const before = await rows();
    const quiet = await browser.get(statusUrl);
    later += DAY_MS - MINUTE_MS;
    const stillQuiet = await browser.get(statusUrl);
    expect([quiet, stillQuiet].flatMap(({ headers }) => headers.getSetCookie())).toEqual([]);
    expect(await rows()).toEqual(before);
    later += MINUTE_MS;
    const [renewed = ''] = (await browser.get(statusUrl)).headers.getSetCookie();
    const expires = Date.parse(/Expires=([^;]+)/.exec(renewed)?.[1] ?? '');
    expect(expires).toBeGreaterThan(Date.now() + 30 * DAY_MS);
    expect((await browser.get(statusUrl)).headers.getSetCookie()).toEqual([]);
  });

  it('keeps its forms and its message when another tab finishes an install', async () => {
    await open();
    const { browser, statusUrl } = await shop.install('acme');
    const tab = await browser.get(statusUrl);
    const old = browser.cookies.get('shopkeeper')?.value;
    await browser.post(`${statusUrl}/test-message`, { _csrf: readCsrf(tab) });
    const other = await browser.get(await browser.allow(shop.url, 'bloom'));
    expect(browser.cookies.get('shopkeeper')?.value).not.toBe(old);
    const next = await browser.get(browser.location(other));
    expect(next.text).toContain('The test message was sent.');
    const answer = await browser.post(`${statusUrl}/test-message`, { _csrf: readCsrf(tab) });
    expect(answer.status).toBe(303);
  });

  it('that another tab has replaced is not brought back by a slow form, nor its cookie', async () => {
    await open();
    const { browser, statusUrl } = await shop.install('acme');
    const tab = await browser.get(statusUrl);
    const callback = await browser.allow(shop.url, 'bloom');
    const stale = createBrowser();
    for (const [name, cookie] of browser.cookies) stale.cookies.set(name, cookie);

    // It stays under way until Zendesk has answered, and by then the session is another one.
    shop.zendesk.armFault({ kind: 'hang', operation: 'PostMessage' });
    const calls = () => shop.zendesk.calls.length;
    const before = calls();
    const slow = stale.post(`${statusUrl}/test-message`, { _csrf: readCsrf(tab) });
    await expect.poll(calls).toBeGreaterThan(before);
    await browser.open(callback);
    const answer = await slow;

    expect(answer.status).toBe(303);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await stale.get(statusUrl)).status).toBe(404);
    expect((await browser.get(statusUrl)).status).toBe(200);
  }, 30_000);

  it('is stored before its browser is sent on to where it counts', async () => {
    await open();
    const gate = createGate();
    const { sessions: store } = shop.stores;
    const set = store.set.bind(store);
    store.set = (...given) => void gate.pass().then(() => set(...given));
    const app = express().use(
      sessions({ sessions: store, config: { publicUrl: shop.url }, now: Date.now }, [
        SESSION_SECRET,
      ]),
    );
    app.post('/form', (request, response) => {
      ensureOwnerId(request);
      response.redirect(303, '/next');
    });
    const site = await serve(app);
    const redirected = fetch(`${site.url}/form`, { method: 'POST', redirect: 'manual' });
    await gate.entered;
    const asked = fetch(`${site.url}/no-session-to-store`);
    const first = await Promise.race([redirected, asked]);
    gate.open();
    expect((await redirected).status).toBe(303);
    site.close();
    expect(first.status).toBe(404);
    expect(await rows()).toHaveLength(1);
  });

  it('lives for minutes when its browser never comes back', async () => {
    await open();
    await createBrowser().get(`${shop.url}/install`);
    const [session] = await rows();
    expect(session?.expires_at).toBeLessThanOrEqual(Date.now() + 15 * MINUTE_MS);
    later += 15 * MINUTE_MS;
    await shop.stores.sessions.deleteOld();
    await shop.stores.oauthAttempts.deleteOld();
    expect(await rows()).toEqual([]);
    const attempts = await shop.database.kysely.selectFrom('oauth_attempts').selectAll().execute();
    expect(attempts).toEqual([]);
  });

  it('does not begin with a HEAD, and crawlers are asked to stay away', async () => {
    await open();
    const looked = await createBrowser().head(`${shop.url}/install`);
    expect([looked.status, looked.headers.getSetCookie()]).toEqual([302, []]);
    expect(await rows()).toEqual([]);
    const attempts = await shop.database.kysely.selectFrom('oauth_attempts').selectAll().execute();
    expect(attempts).toEqual([]);
    const robots = await createBrowser().get(`${shop.url}/robots.txt`);
    for (const path of ['/install', '/installations/', '/oauth', '/settings', '/connections/'])
      expect(robots.text).toContain(`Disallow: ${path}\n`);
  });

  it('is not guessed from two cookies of its name', async () => {
    await open();
    const { browser, statusUrl } = await shop.install();
    const cookie = `shopkeeper=${browser.cookies.get('shopkeeper')?.value}`;
    const answer = await fetch(statusUrl, { headers: { cookie: `shopkeeper=planted; ${cookie}` } });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Delete the cookies of this site');
    expect((await fetch(statusUrl, { headers: { cookie } })).status).toBe(200);
  });
});

describe('what is behind the session', () => {
  it('is never stored by a browser or a proxy', async () => {
    await open();
    const { browser, statusUrl, id } = await shop.install();
    const callback = await browser.allow(shop.url, 'bloom');
    const paths = ['', '/timeline', '/activity', '/events', '/export', '/delete', '/connections'];
    const addresses = [
      ...paths.map((path) => `${statusUrl}${path}`),
      `${shop.url}/installations/${id}/oauth-clients`,
      `${shop.url}/`,
      `${shop.url}/settings`,
      `${shop.url}/install`,
      callback,
      `${shop.url}/oauth?state=x`,
      `${shop.url}/no-such-page`,
    ];
    for (const address of addresses) {
      const { headers } = await browser.get(address);
      expect([address, headers.get('cache-control')]).toEqual([address, 'no-store']);
    }
    const refused = await browser.post(`${statusUrl}/disconnect`, {});
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([403, 'no-store']);
  });
});
