import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../../../support/browser/browser.ts';
import {
  decide,
  decideOnly,
  openAccount,
  readAuthorizeUrl,
  ZOOM_APP,
  type Account,
} from '../support/open-account.ts';
import { connectionOwner } from '../../../../server/features/connections/store/schema.ts';

describe('connecting Zoom by OAuth 2.0', () => {
  let account: Account;
  beforeEach(async () => {
    account = await openAccount();
  });
  afterEach(() => account.close());

  const tokenCalls = () => account.zoom.calls.filter(({ operation }) => operation === 'ZoomToken');

  it('ends on the connection’s page with who gave access, and with tokens that work', async () => {
    const page = await account.connect();
    expect(page.status).toBe(200);
    expect(page.url).toBe(await account.connectionUrl('Sales'));
    expect(page.text).toContain(account.firstUser.email);
    expect(await account.findConnection('Sales')).toMatchObject({
      status: 'connected',
      reason: null,
      connected_as: account.firstUser.email,
      provider_user_id: account.firstUser.id,
      provider_account_id: account.zoom.accountId,
    });
    expect(account.zoom.grants()).toHaveLength(1);
  });

  it('asks with PKCE S256, a state and no scope, and exchanges with the verifier and raw Basic', async () => {
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const authorizeUrl = await readAuthorizeUrl(account.browser, sent);
    const asked = authorizeUrl.searchParams;
    expect(Object.fromEntries(asked)).toEqual({
      response_type: 'code',
      client_id: ZOOM_APP.clientId,
      redirect_uri: `${account.shop.url}/connections/callback/zoom`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    const consent = await account.browser.open(authorizeUrl.href);
    await account.browser.submit(consent, 'authorize', {
      user: account.firstUser.id,
      decision: 'allow',
    });
    const [exchange] = tokenCalls();
    const basic = Buffer.from(`${ZOOM_APP.clientId}:${ZOOM_APP.clientSecret}`).toString('base64');
    expect(exchange?.headers['authorization']).toBe(`Basic ${basic}`);
    expect(exchange?.body).toMatchObject({
      grant_type: 'authorization_code',
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: `${account.shop.url}/connections/callback/zoom`,
    });
  });

  it('keeps the tokens encrypted, and goes with them when it is deleted', async () => {
    await account.connect();
    const { id } = await account.findConnection('Sales');
    const { secrets } = account.shop.stores;
    const stored = await secrets.getAll(connectionOwner(id));
    expect(Object.keys(stored).toSorted()).toEqual(['access_token', 'refresh_token']);

    await account.press('Sales', '/delete');
    expect(await secrets.getAll(connectionOwner(id))).toEqual({});
    expect(account.zoom.grants()).toEqual([]);
    expect(account.zoom.calls.at(-1)).toMatchObject({ operation: 'ZoomRevoke', status: 200 });
  });

  it('says so when access was denied, and leaves a connection to start again with', async () => {
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const page = await decide(account.browser, sent, {
      user: account.firstUser.id,
      decision: 'deny',
    });
    expect(page.status).toBe(400);
    expect(page.text).toContain('Access was denied');
    const { id, status, reason } = await account.findConnection('Sales');
    expect(page.text).toContain(`href="/installations/${account.id}/connections/${id}"`);
    expect([status, reason]).toEqual(['needs_reconnect', 'Nobody has authorized it at Zoom yet.']);
    expect(tokenCalls()).toEqual([]);
  });

  it('refuses a callback in another browser, and leads a reloaded one to its connection', async () => {
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const allow = { user: account.firstUser.id, decision: 'allow' };
    const callback = await decideOnly(account.browser, sent, allow);
    expect((await createBrowser().open(callback)).status).toBe(400);
    expect(tokenCalls()).toEqual([]);
    expect((await account.browser.open(callback)).status).toBe(200);
    expect((await account.browser.open(callback)).url).toBe(await account.connectionUrl('Sales'));
    expect((await createBrowser().open(callback)).status).toBe(400);
    expect(tokenCalls()).toHaveLength(1);
  });

  it('refuses a callback of another provider', async () => {
    const sent = await account.send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP });
    const allow = { user: account.firstUser.id, decision: 'allow' };
    const callback = await decideOnly(account.browser, sent, allow);
    const elsewhere = callback.replace('/callback/zoom', '/callback/zocks');
    expect((await account.browser.open(elsewhere)).status).toBe(400);
    const unknown = callback.replace('/callback/zoom', '/callback/elsewhere');
    expect((await account.browser.open(unknown)).status).toBe(404);
    expect(tokenCalls()).toEqual([]);
  });

  it('explains a wrong client secret and changes nothing', async () => {
    const page = await account.connect({ clientSecret: 'wrong' });
    expect(page.status).toBe(502);
    expect(page.text).toContain('Zoom does not accept the client id and client secret.');
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'needs_reconnect' });
  });

  it('gives a second connection of the same user to the first instead of killing it', async () => {
    await account.connect({ name: 'First' });
    const first = await account.findConnection('First');
    const page = await account.connect({ name: 'Second' });
    expect(page.url).toBe(`${account.listUrl}/${first.id}`);
    expect(page.text).toContain('connected already as “First”');
    const all = await account.shop.stores.connections.list(account.id);
    expect(all.map(({ name, status }) => [name, status])).toEqual([['First', 'connected']]);
    account.zoom.expireAccessTokens();
    await account.press('First', '/test');
    expect(await account.findConnection('First')).toMatchObject({ status: 'connected' });
    expect(tokenCalls().map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('keeps connections of different users apart', async () => {
    const other = account.zoom.users[1];
    await account.connect({ name: 'First' });
    await account.connect({ name: 'Second' }, other?.id);
    expect((await account.findConnection('First')).connected_as).toBe(account.firstUser.email);
    expect((await account.findConnection('Second')).connected_as).toBe(other?.email);
  });

  it('reconnects in place, with the same id and a line in the history', async () => {
    await account.connect();
    const before = await account.findConnection('Sales');
    account.zoom.killRefreshToken(account.firstUser.id);
    account.zoom.expireAccessTokens();
    await account.press('Sales', '/test');
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'needs_reconnect' });

    const redirect = await account.press('Sales', '/reconnect');
    const page = await decide(account.browser, redirect, {
      user: account.firstUser.id,
      decision: 'allow',
    });
    const after = await account.findConnection('Sales');
    expect([after.id, after.status]).toEqual([before.id, 'connected']);
    expect(page.text).toContain('Authorized at Zoom.');
    expect(page.text).toContain('It needs to be reconnected: Zoom no longer accepts');
  });

  it('says which scope is missing while it is connected', async () => {
    account.zoom.setScopes(ZOOM_APP.clientId, ['meeting:write:meeting']);
    const page = await account.connect();
    expect(page.text).toContain('Connected, but the scope user:read:user');
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
  });

  it('keeps the tokens when Zoom fails right after it gave them', async () => {
    account.shop.zendesk.armFault({ kind: 'answer', operation: 'ZoomGetUser', status: 500 });
    await account.connect();
    expect(await account.findConnection('Sales')).toMatchObject({
      status: 'failing',
      connected_as: null,
    });
    await account.press('Sales', '/test');
    expect(await account.findConnection('Sales')).toMatchObject({
      status: 'connected',
      connected_as: account.firstUser.email,
    });
  });
});
