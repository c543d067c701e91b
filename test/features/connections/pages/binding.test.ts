import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantAttempts } from '../../../oauth/support/plant-attempts.ts';
import { decideOnly, openAccount, ZOOM_APP, type Account } from '../support/open-account.ts';

describe('the callback of a connection', () => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount();
  });
  afterAll(() => account.close());

  it('stores nobody’s tokens in the installation of a neighbour who planted the attempt', async () => {
    const { shop, firstUser, zoom } = account;
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const allow = { user: firstUser.id, decision: 'allow' };
    const { browser: victim } = await shop.install('bloom');
    const consent = await victim.open(
      (await account.browser.get(account.browser.location(sent))).headers
        .get('refresh')
        ?.replace('0; url=', '') ?? '',
    );
    const callback = victim.location(await victim.fillIn(consent, 'authorize', allow));
    plantAttempts(account.browser, victim);

    const refused = await victim.get(callback);
    expect([refused.status, refused.text.includes('belongs to another browser')]).toEqual([
      400,
      true,
    ]);
    expect(zoom.calls.filter(({ operation }) => operation === 'ZoomToken')).toHaveLength(0);
    const [line] = shop.notes.latest(account.id, 1);
    expect(line?.text).toMatch(
      /^An authorization at Zoom in browser [0-9a-f]{6} did not succeed\. This sign-in was started in/,
    );
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'needs_reconnect' });
  });

  it('is refused without a session, and once the session’s owner has lost the account', async () => {
    const { shop, browser, firstUser } = account;
    const sent = await account.send({ name: 'Support', oauthClientId: '', ...ZOOM_APP });
    const allow = { user: firstUser.id, decision: 'allow' };
    const callback = await decideOnly(browser, sent, allow);
    const session = browser.cookies.get('shopkeeper');
    browser.cookies.delete('shopkeeper');
    expect((await browser.get(callback)).status).toBe(400);
    if (session !== undefined) browser.cookies.set('shopkeeper', session);
    const rows = await shop.database.kysely
      .deleteFrom('installation_owners')
      .returningAll()
      .execute();
    expect((await browser.get(callback)).status).toBe(404);
    await shop.database.kysely.insertInto('installation_owners').values(rows).execute();
    expect((await browser.get(callback)).status).toBe(303);
  });
});
