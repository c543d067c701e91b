import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../../../support/store/engines.ts';
import { decideOnly, openAccount, ZOOM_APP, type Account } from '../support/open-account.ts';

let account: Account;
afterEach(() => account.close());

describe.each(engines)('the same answer again on %s', (engine) => {
  it('of a connection, at once and later, gets the same page with one exchange', async () => {
    account = await openAccount({ engine });
    const { browser, firstUser } = account;
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const allow = { user: firstUser.id, decision: 'allow' };
    const callback = await decideOnly(browser, sent, allow);
    const answers = await Promise.all([browser.get(callback), browser.get(callback)]);
    answers.push(await browser.get(callback));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    const url = await account.connectionUrl('Sales');
    for (const answer of answers) expect(browser.location(answer)).toBe(url);
    expect((await browser.get(url)).text).toContain('“Sales” is working.');
    const exchanges = account.zoom.calls.filter(({ operation }) => operation === 'ZoomToken');
    expect(exchanges).toHaveLength(1);
  });

  it('of a connection still leads to its page after another install renewed the session', async () => {
    account = await openAccount({ engine });
    const { browser, firstUser } = account;
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const allow = { user: firstUser.id, decision: 'allow' };
    const callback = await decideOnly(browser, sent, allow);
    await browser.get(callback);
    await browser.open(await browser.allow(account.shop.url, 'bloom'));
    const again = await browser.get(callback);
    expect([again.status, browser.location(again)]).toEqual([
      303,
      await account.connectionUrl('Sales'),
    ]);
  });
});
