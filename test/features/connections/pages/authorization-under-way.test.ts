import { describe, expect, it } from 'vitest';
import { connectionOwner } from '../../../../server/features/connections/store/schema.ts';
import { createBrowser } from '../../../support/browser/browser.ts';
import { createMadeUpProvider } from '../support/made-up-provider.ts';
import { decideOnly, openAccount, readAuthorizeUrl, ZOOM_APP } from '../support/open-account.ts';

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
      .where('owner', '=', connectionOwner((await account.findConnection('Access')).id))
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
    const lines = shop.notes.latest(account.id, 3);
    expect(lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^An authorization at Zoom in an unknown browser did not succeed\./),
      expect.stringMatching(/^An authorization at Zoom in browser [0-9a-f]{6} did not succeed\./),
      'The connection “Sales” was added.',
    ]);
    await account.close();
  });
});

describe('a callback that is reloaded long after', () => {
  it('leads to its connection as long as there is one', async () => {
    let late = 0;
    const account = await openAccount({ now: () => Date.now() + late });
    const { browser, firstUser } = account;
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const allow = { user: firstUser.id, decision: 'allow' };
    const callback = await decideOnly(browser, sent, allow);
    await browser.open(callback);
    late = 60 * 60_000;
    const url = await account.connectionUrl('Sales');
    expect(browser.location(await browser.get(callback))).toBe(url);
    await account.press('Sales', '/delete');
    expect((await browser.get(callback)).status).toBe(400);
    await account.close();
  });
});
