import { afterEach, describe, expect, it } from 'vitest';
import { RemoteError } from '../../../server/remote-error.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { engines } from '../../support/store/engines.ts';
import { createMadeUpProvider } from './support/made-up-provider.ts';
import { openAccount, readAuthorizeUrl, type Account } from './support/open-account.ts';

let account: Account;
afterEach(() => account.close());

/** The callback of a connection to a provider that was just authorized. */
async function authorize(provider: ReturnType<typeof createMadeUpProvider>, engine = engines[0]) {
  account = await openAccount({ providers: [provider], ...(engine && { engine }) });
  const client = { clientId: 'id', clientSecret: 'secret' };
  const sent = await account.send({
    provider: provider.id,
    name: 'Orders',
    oauthClientId: '',
    ...client,
  });
  const state = (await readAuthorizeUrl(account.browser, sent)).searchParams.get('state') ?? '';
  const callback = new URL(`${account.shop.url}/connections/callback/${provider.id}`);
  callback.search = new URLSearchParams({ code: 'a-code-of-made-up', state }).toString();
  return callback;
}

describe.each(engines)('a connection on %s', (engine) => {
  it.each([Number.MAX_VALUE, 9.3e21, Number.NaN, -1, 1.5])(
    'keeps a token that is good for %s ms, and its pages show it',
    async (expiresInMs) => {
      const provider = createMadeUpProvider();
      provider.exchange.mockResolvedValueOnce({ accessToken: 'made-up-access', expiresInMs });
      const callback = await authorize(provider, engine);
      const page = await account.browser.open(callback.href);
      expect([page.status, page.url]).toEqual([200, await account.connectionUrl('Orders')]);
      expect((await account.browser.get(account.listUrl)).status).toBe(200);
    },
  );
});

describe('the answer of a provider', () => {
  it('counts only when it says to come from the issuer that the provider’s file names', async () => {
    const provider = { ...createMadeUpProvider(), issuer: 'https://made-up.example/realms/x' };
    const callback = await authorize(provider);
    const other = new URL(callback);
    other.searchParams.set('iss', 'https://made-up.example');
    const refused = await account.browser.get(other.href);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Another server than Made Up answered');
    expect(provider.exchange).not.toHaveBeenCalled();

    callback.searchParams.set('iss', provider.issuer);
    expect((await account.browser.get(callback.href)).status).toBe(303);
    expect(provider.exchange).toHaveBeenCalledOnce();
  });

  it('that refuses the code is explained as that, and its cause is in the log', async () => {
    const provider = createMadeUpProvider();
    const refusal = { status: 400, code: 'invalid_grant', reason: 'The code was used before' };
    provider.exchange.mockRejectedValueOnce(new RemoteError('Token', refusal));
    const callback = await authorize(provider);
    const page = await account.browser.get(callback.href);
    expect(page.status).toBe(502);
    expect(page.text).toContain(
      'Made Up did not accept the code it had sent along. It says: “The code was used before”.',
    );
    expect(page.text).not.toContain('no longer accepts');
    expect(page.text).toContain(
      `href="${new URL(await account.connectionUrl('Orders')).pathname}"`,
    );
    const line = account.shop.printed.find((text) => text.includes('A sign-in did not succeed.'));
    expect(line).toContain('Token: status 400 (invalid_grant, The code was used before)');
    expect(account.shop.printed.join('')).not.toContain('a-code-of-made-up');
    expect((await createBrowser().get(callback.href)).status).toBe(400);
  });
});
