import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../server/config/load-config.ts';
import { connections } from '../../../../server/features/connections/index.ts';
import { findClient } from '../../../../server/features/connections/tokens/clients.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { createContext } from '../support/create-context.ts';
import { createMadeUpProvider } from '../support/made-up-provider.ts';
import { decide, openAccount, variablesOfSandbox, ZOOM_APP } from '../support/open-account.ts';
import type { Account } from '../support/open-account.ts';

const OF_DEPLOYMENT = 'deployment';
const open = (more: Record<string, string> = {}) =>
  openAccount({ variables: (url) => ({ ...variablesOfSandbox(url), ...more }) });
const OURS = { ZOOM_CLIENT_ID: ZOOM_APP.clientId, ZOOM_CLIENT_SECRET: ZOOM_APP.clientSecret };

describe('an OAuth client of the deployment', () => {
  let account: Account;
  afterEach(() => account.close());

  it('is offered first, and connects an account that has no app of its own', async () => {
    account = await open(OURS);
    const form = await account.browser.open(`${account.listUrl}/new?provider=zoom`);
    expect(form.text).toMatch(/<option value="deployment" selected[^>]*>The app of this bot/);
    expect(form.text).not.toContain(ZOOM_APP.clientSecret);
    const page = await account.connect({
      oauthClientId: OF_DEPLOYMENT,
      clientId: '',
      clientSecret: '',
    });
    expect(page.text).toContain('“Sales” is working.');
    expect(page.text).toContain('Made with the app of this bot');
    expect(await account.findConnection('Sales')).toMatchObject({
      oauth_client_id: null,
      client_id: ZOOM_APP.clientId,
    });
    expect(await account.shop.stores.oauthClients.list(account.id)).toEqual([]);

    account.zoom.expireAccessTokens();
    await account.press('Sales', '/test');
    expect(await account.findConnection('Sales')).toMatchObject({
      status: 'connected',
      reason: null,
    });
  });

  it('does not keep an account from bringing its own, nor from changing between them', async () => {
    account = await open(OURS);
    await account.connect();
    const { id, oauth_client_id: ownId } = await account.findConnection('Sales');
    expect(ownId).not.toBeNull();
    const changed = { name: 'Sales', oauthClientId: OF_DEPLOYMENT };
    const sent = await account.press('Sales', `/connections/${id}`, changed);
    // Zoom tells of the old authorization's end, and nobody is as quick with the new one.
    await account.zoom.settled();
    await decide(account.browser, sent, { user: account.firstUser.id, decision: 'allow' });
    expect(await account.findConnection('Sales')).toMatchObject({
      oauth_client_id: null,
      status: 'connected',
    });
    const history = await account.shop.stores.connectionHistory.list(id, 10);
    const line = history.find(({ changes }) => changes.length > 0);
    expect(line?.changes).toEqual([
      { field: 'OAuth client', from: 'Sales', to: 'The app of this bot' },
    ]);
  });

  it('is forgotten with its user when Zoom says that the user removed the app', async () => {
    account = await open(OURS);
    await account.connect({ oauthClientId: OF_DEPLOYMENT });
    account.zoom.deauthorize(account.firstUser.id);
    await waitUntil('it is forgotten', async () => {
      const { status, connected_as: name } = await account.findConnection('Sales');
      return status === 'needs_reconnect' && name === null;
    });
  });

  it('cannot be chosen where there is none', async () => {
    account = await open();
    const form = await account.browser.open(`${account.listUrl}/new?provider=zoom`);
    expect(form.text).not.toContain('The app of this bot');
    const page = await account.send({ name: 'Sales', oauthClientId: OF_DEPLOYMENT });
    expect(page.status).toBe(422);
    expect(page.text).toContain('Choose one of the OAuth clients for Zoom.');
  });

  it('that is taken away later is said to be gone, and what to do', async () => {
    account = await open(OURS);
    await account.connect({ oauthClientId: OF_DEPLOYMENT });
    const zoom = { ...createMadeUpProvider(), id: 'zoom' };
    const without = createContext(account.shop.database, { providers: [zoom] });
    await expect(findClient(without, await account.findConnection('Sales'))).rejects.toMatchObject({
      message: 'The OAuth client that this app brought along for the connection is gone.',
      hint: 'Edit it and choose another.',
    });
  });
});

describe('the variables of a deployment’s OAuth clients', () => {
  const read = (environment: Record<string, string>) =>
    loadConfig(environment, [], [connections]).variables;

  it('exist for every provider, by the name of its file', () => {
    const all = { ...OURS, ZOCKS_CLIENT_ID: 'a', ZOCKS_CLIENT_SECRET: 'b' };
    expect(read(all)).toMatchObject(all);
  });

  it.each([
    [{ ZOOM_CLIENT_ID: 'id' }, 'ZOOM_CLIENT_SECRET is missing'],
    [{ ZOCKS_CLIENT_SECRET: 'secret' }, 'ZOCKS_CLIENT_ID is missing'],
    [{ ...OURS, ZOOM_CLIENT_ID: 'a:b' }, 'has a colon'],
    [{ ...OURS, ZOOM_CLIENT_SECRET: 'two words' }, 'has a space'],
  ])('are refused as %j', (environment, problem) => {
    expect(() => read(environment)).toThrow(problem);
  });
});
