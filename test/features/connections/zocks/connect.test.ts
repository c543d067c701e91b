import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProviders } from '../../../../server/features/connections/load-providers.ts';
import { createObserve } from '../../../../server/observe.ts';
import { decide, openAccount, ZOCKS_APP, type Account } from '../support/open-account.ts';

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.close());

const connect = (user = '') => {
  const fields = { provider: 'zocks', name: 'Adviser', oauthClientId: '', ...ZOCKS_APP };
  return account
    .send(fields)
    .then((sent) => decide(account.browser, sent, { user, decision: 'allow' }));
};

describe('Zocks', () => {
  it('is offered where its addresses are configured', () => {
    const zocks = {
      ZOCKS_AUTHORIZE_URL: 'https://zocks.example/authorize',
      ZOCKS_TOKEN_URL: 'https://zocks.example/token',
      ZOCKS_API_URL: 'https://zocks.example/api',
    };
    const offered = (variables: Record<string, string>) =>
      createProviders({ config: { variables, sandbox: null }, observe: createObserve() }).map(
        ({ id }) => id,
      );
    expect(offered({})).not.toContain('zocks');
    expect(offered(zocks)).toContain('zocks');
  });

  it('is connected, renewed and revoked with the addresses of the configuration', async () => {
    const zocks = account.shop.sandbox.control.zocks;
    const [user] = zocks.users;
    expect((await connect(user?.id)).text).toContain(user?.email);
    zocks.expireAccessTokens();
    await account.press('Adviser', '/test');
    expect(await account.findConnection('Adviser')).toMatchObject({ status: 'connected' });
    await account.press('Adviser', '/delete');
    expect(zocks.grants()).toEqual([]);
  });

  it('needs to be reconnected when its user was deactivated, which nobody tells us', async () => {
    const zocks = account.shop.sandbox.control.zocks;
    const user = zocks.users[0]?.id ?? '';
    await connect(user);
    zocks.deactivateUser(user);
    await account.press('Adviser', '/test');
    expect(await account.findConnection('Adviser')).toMatchObject({
      status: 'needs_reconnect',
      reason: expect.stringContaining('Zocks no longer accepts the authorization.'),
    });
  });

  it('has no custom connections', async () => {
    const address = `${account.listUrl}/new?provider=zocks&authType=custom`;
    expect((await account.browser.open(address)).status).toBe(404);
  });
});
