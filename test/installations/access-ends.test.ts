import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMadeUpProvider } from '../features/connections/support/made-up-provider.ts';
import {
  decideOnly,
  openAccount,
  readAuthorizeUrl,
  ZOOM_APP,
} from '../features/connections/support/open-account.ts';
import { createBrowser } from '../support/create-browser.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

const DAY_MS = 24 * 60 * 60_000;

describe('the end of a browser’s access', () => {
  let clock = 0;
  let shop: Shop;
  beforeEach(async () => {
    clock = 0;
    shop = await startShop({ now: () => Date.now() + clock });
  });
  afterEach(() => shop.close());

  it('is not undone by the callback that it came with', async () => {
    const browser = createBrowser();
    const callback = await browser.allow(shop.url, 'acme');
    await browser.open(callback);
    for (const days of [20, 40, 60]) {
      clock = days * DAY_MS;
      expect((await browser.get(callback)).status).toBe(303);
    }
    // Only looks at the home page, which is no visit of an account.
    for (let days = 80; days <= 380; days += 20) {
      clock = days * DAY_MS;
      await browser.get(shop.url);
    }
    const answer = await browser.get(callback);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Start again');
  });

  it('cuts off a download that is under way', async () => {
    const { id, browser, statusUrl } = await shop.install();
    const text = 'x'.repeat(100_000);
    // More than both ends of a connection hold.
    for (let line = 0; line < 400; line += 1) await shop.stores.activityLog.add(id, 'test', text);
    const cookie = [...browser.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
    const download = await fetch(`${statusUrl}/export`, { headers: { cookie } });
    const reader = download.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await shop.stores.installationOwners.removeAll(id);
    const readOn = async () => {
      while ((await reader?.read())?.done === false);
    };
    await expect(readOn()).rejects.toThrow();
    expect(shop.printed.join('')).toContain('The access of this browser has ended.');
  });
});

describe('access to the export', () => {
  it('is not used by who asks for its head', async () => {
    const shop = await startShop();
    const { id, browser, statusUrl } = await shop.install();
    expect((await browser.head(`${statusUrl}/export`)).status).toBe(200);
    const lines = await shop.stores.activityLog.latest(id, 50);
    expect(lines.filter(({ text }) => text.includes('was exported'))).toEqual([]);
    await shop.close();
  });
});

describe('an authorization under way', () => {
  it('keeps no tokens for who lost access, or a connection, while the code was exchanged', async () => {
    const madeUp = createMadeUpProvider();
    const account = await openAccount({ providers: [madeUp] });
    const { shop, browser } = account;
    const client = { clientId: 'id', clientSecret: 'secret' };
    const rows = await shop.database.kysely.selectFrom('installation_owners').selectAll().execute();
    const endings = {
      Access: () => shop.stores.installationOwners.removeAll(account.id),
      Connection: async () =>
        shop.stores.connections.remove((await account.findConnection('Connection')).id),
    };
    for (const [name, end] of Object.entries(endings)) {
      const sent = await account.send({
        provider: 'made-up',
        name,
        oauthClientId: '',
        ...client,
      });
      const state = (await readAuthorizeUrl(browser, sent)).searchParams.get('state');
      const callback = `${shop.url}/connections/callback/made-up?code=good&state=${state}`;
      madeUp.exchange.mockImplementationOnce(async () => {
        await end();
        return { accessToken: 'too-late', refreshToken: 'too-late' };
      });
      expect([name, (await browser.get(callback)).status]).toEqual([name, 404]);
      await shop.database.kysely
        .insertInto('installation_owners')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    expect(await account.findConnection('Access')).toMatchObject({ status: 'needs_reconnect' });
    const kept = await shop.database.kysely
      .selectFrom('secrets')
      .selectAll()
      .where('connection_id', '=', (await account.findConnection('Access')).id)
      .execute();
    expect(kept).toEqual([]);
    await account.close();
  });

  it('that is denied, and a stranger who comes with its answer, each leave a line', async () => {
    const account = await openAccount();
    const { shop, browser, firstUser } = account;
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const deny = { user: firstUser.id, decision: 'deny' };
    const callback = await decideOnly(browser, sent, deny);
    for (const visitor of [browser, browser, createBrowser()])
      expect((await visitor.get(callback)).status).toBe(400);
    const lines = await shop.stores.activityLog.latest(account.id, 3);
    expect(lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^An authorization at Zoom in an unknown browser did not succeed\./),
      expect.stringMatching(/^An authorization at Zoom in browser [0-9a-f]{6} did not succeed\./),
      'The connection “Sales” was added.',
    ]);
    await account.close();
  });
});
