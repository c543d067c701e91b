import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engines } from '../../../support/store/engines.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { openAccount, type Account } from '../support/open-account.ts';
import { connectionOwner } from '../../../../server/features/connections/store/schema.ts';

const MINUTE_MS = 60_000;

let account: Account;
let late = 0;
async function open(engine = engines[0]): Promise<void> {
  late = 0;
  account = await openAccount({ ...(engine && { engine }), now: () => Date.now() + late });
}
afterEach(() => account.close());

const callsOf = (operation: string) =>
  account.zoom.calls.filter((call) => call.operation === operation);
const refreshes = () =>
  callsOf('ZoomToken').filter(({ body }) =>
    JSON.stringify(body).includes('"grant_type":"refresh_token"'),
  );
async function readTokens(name: string) {
  const { id } = await account.findConnection(name);
  return account.shop.stores.secrets.getAll(connectionOwner(id));
}

describe('access tokens', () => {
  beforeEach(() => open());

  it('are used as they are for 55 minutes', async () => {
    await account.connect();
    late = 54 * MINUTE_MS;
    await account.press('Sales', '/test');
    expect(refreshes()).toEqual([]);
  });

  it('are renewed by themselves five minutes before they expire, and the newest pair is kept', async () => {
    await account.connect();
    const before = await readTokens('Sales');
    late = 55 * MINUTE_MS + 1_000;
    await waitUntil('the token was renewed and the next check is known', async () => {
      const { check_at: checkAt } = await account.findConnection('Sales');
      return (checkAt ?? 0) > Date.now() + late + 30 * MINUTE_MS;
    });
    expect((await readTokens('Sales'))['refresh_token']).not.toBe(before['refresh_token']);
    expect(refreshes()).toHaveLength(1);

    late += 55 * MINUTE_MS;
    await waitUntil('it was renewed with the new one', () => refreshes().length === 2);
    expect(refreshes().map(({ status }) => status)).toEqual([200, 200]);
  });

  it('are renewed after a 401, once, and the call is made again', async () => {
    await account.connect();
    account.zoom.expireAccessTokens();
    await account.press('Sales', '/test');
    expect(callsOf('ZoomGetUser').map(({ status }) => status)).toEqual([200, 401, 200]);
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
  });

  it('end the connection when the refresh token is dead, which is not tried twice', async () => {
    await account.connect();
    account.zoom.killRefreshToken(account.firstUser.id);
    account.zoom.expireAccessTokens();
    await account.press('Sales', '/test');
    expect(await account.findConnection('Sales')).toMatchObject({
      status: 'needs_reconnect',
      reason: expect.stringContaining('Zoom no longer accepts the authorization.'),
      check_at: null,
    });
    expect(await readTokens('Sales')).toEqual({});
    const page = await account.browser.open(await account.connectionUrl('Sales'));
    expect(page.text).toContain('Needs reconnect');

    await account.press('Sales', '/test');
    expect(refreshes()).toHaveLength(1);
    expect((await account.findConnection('Sales')).reason).toContain('no longer accepts');
  });

  it.each([
    ['refuses with 500', { kind: 'answer', status: 500 }],
    ['answers HTML', { kind: 'html' }],
    ['asks to slow down', { kind: 'answer', status: 429, retryAfter: 30 }],
  ] as const)('stay in use for their last minutes when Zoom %s', async (_case, fault) => {
    await account.connect();
    account.shop.zendesk.armFault({ ...fault, operation: 'ZoomToken', times: 50 });
    late = 57 * MINUTE_MS;
    await account.press('Sales', '/test');
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
    expect(callsOf('ZoomToken').length).toBeGreaterThan(1);
  });

  it('are lost when Zoom’s answer to a renewal is, and then the connection says so', async () => {
    await account.connect();
    account.zoom.expireAccessTokens();
    account.shop.zendesk.armFault({ kind: 'dropAnswer', operation: 'ZoomToken' });
    await account.press('Sales', '/test');
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'failing' });
    await account.press('Sales', '/test');
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'needs_reconnect' });
  });

  it('of server-to-server credentials are asked for once and then kept for everybody', async () => {
    await account.connectServer();
    const other = await account.shop.addInstance();
    expect(callsOf('ZoomToken')).toHaveLength(1);
    await account.press('Server', '/test');
    expect(callsOf('ZoomToken')).toHaveLength(1);
    expect(Object.keys(await readTokens('Server')).toSorted()).toEqual([
      'access_token',
      'client_secret',
    ]);

    account.zoom.expireAccessTokens();
    const { id } = await account.findConnection('Server');
    const pages = await Promise.all(
      [account.shop.url, other].map((url) =>
        account.browser.open(`${url}/installations/${account.id}/connections/${id}`),
      ),
    );
    await Promise.all(
      [...pages, ...pages].map((page) => account.browser.fillIn(page, '/test', {})),
    );
    expect(callsOf('ZoomToken')).toHaveLength(2);
    expect(await account.findConnection('Server')).toMatchObject({ status: 'connected' });
  });
});

describe.each(engines)('access tokens on %s', (engine) => {
  beforeEach(() => open(engine));

  it('are renewed once when two instances and many requests need them at the same time', async () => {
    await account.connect();
    const other = await account.shop.addInstance();
    const { id } = await account.findConnection('Sales');
    const path = `/installations/${account.id}/connections/${id}`;
    const pages = await Promise.all(
      [account.shop.url, other].map((url) => account.browser.open(`${url}${path}`)),
    );
    account.zoom.expireAccessTokens();
    const answers = await Promise.all(
      [...pages, ...pages, ...pages].map((page) => account.browser.fillIn(page, '/test', {})),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(303));
    expect(refreshes()).toHaveLength(1);
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
  });
});
