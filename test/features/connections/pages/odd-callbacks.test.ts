import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOddCallbacks } from '../../../oauth/support/odd-callback-cases.ts';
import { createBrowser } from '../../../support/browser/browser.ts';
import { decideOnly, openAccount, ZOOM_APP, type Account } from '../support/open-account.ts';

let account: Account;
beforeAll(async () => {
  account = await openAccount();
  await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
});
afterAll(() => account.close());

describeOddCallbacks({
  name: 'a connection',
  title: 'Zoom',
  async begin() {
    const { browser, firstUser } = account;
    const sent = await account.press('Sales', '/reconnect');
    const allow = { user: firstUser.id, decision: 'allow' };
    return { browser, callback: new URL(await decideOnly(browser, sent, allow)) };
  },
  exchanges: () => account.zoom.calls.filter(({ operation }) => operation === 'ZoomToken').length,
});

it('a code without a state fits no connection, and the page says so', async () => {
  const address = `${account.shop.url}/connections/callback/zoom?code=a`;
  const answer = await createBrowser().get(address);
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('Zoom sent a permission that was not asked for from here');
});
