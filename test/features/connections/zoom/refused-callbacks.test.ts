import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideOnly, openAccount, ZOOM_APP, type Account } from '../support/open-account.ts';

describe('connecting Zoom', () => {
  let account: Account;
  beforeAll(async () => {
    account = await openAccount();
  });
  afterAll(() => account.close());

  it.each([
    ['a state that was changed', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['neither code nor error', (url: URL) => url.searchParams.delete('code')],
    ['two codes', (url: URL) => url.searchParams.append('code', 'another')],
  ])('refuses a callback with %s, without asking Zoom', async (name, change) => {
    const sent = await account.send({ name, oauthClientId: '', ...ZOOM_APP });
    const allow = { user: account.firstUser.id, decision: 'allow' };
    const callback = new URL(await decideOnly(account.browser, sent, allow));
    change(callback);
    expect((await account.browser.open(callback.href)).status).toBe(400);
    expect(account.zoom.calls).toEqual([]);
  });
});
