import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../support/wait-until.ts';
import { openAccount, SERVER_APP, ZOOM_APP, type Account } from './support/open-account.ts';
import { connectionOwner } from '../../../server/features/connections/store/schema.ts';

const HOUR_MS = 60 * 60_000;

let account: Account;
let late = 0;
beforeEach(async () => {
  late = 0;
  account = await openAccount({ now: () => Date.now() + late });
});
afterEach(() => account.close());

const everyConnection = () => account.shop.stores.connections.list(account.id);

describe('connecting Zoom by server-to-server credentials', () => {
  it('tests them, saves them and says whose they are', async () => {
    const page = await account.connectServer();
    expect(page.status).toBe(200);
    expect(page.text).toContain('“Server” is working.');
    expect(await account.findConnection('Server')).toMatchObject({
      auth_type: 'custom',
      status: 'connected',
      connected_as: account.firstUser.email,
      account_id: account.shop.sandbox.zoomAccountId,
      client_id: SERVER_APP.clientId,
      last_tested_at: expect.any(Number),
    });
    const [request] = account.zoom.calls;
    const basic = `${SERVER_APP.clientId}:${SERVER_APP.clientSecret}`;
    expect(request?.headers['authorization']).toBe(
      `Basic ${Buffer.from(basic).toString('base64')}`,
    );
    expect(request?.body).toEqual({
      grant_type: 'account_credentials',
      account_id: account.shop.sandbox.zoomAccountId,
    });
    expect(account.zoom.calls.map(({ path }) => path)).not.toContainEqual(
      expect.stringContaining('/users/me'),
    );
  });

  it('keeps nothing of credentials that do not work, and shows what was typed without the secret', async () => {
    const page = await account.connectServer({ clientSecret: 'a-wrong-one', hostUser: 'host@x.y' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('The test was not successful, so nothing was saved.');
    expect(page.text).toContain('Invalid client_id or client_secret');
    expect(page.text).toContain(`value="${SERVER_APP.clientId}"`);
    expect(page.text).toContain('value="host@x.y"');
    expect(page.text).not.toContain('a-wrong-one');
    expect(await everyConnection()).toEqual([]);
  });

  it('keeps what does not work yet when its owner says so', async () => {
    const page = await account.connectServer({ clientSecret: 'later', keepIfFailing: '1' });
    expect(page.status).toBe(200);
    const { id, status, reason } = await account.findConnection('Server');
    expect([status, reason]).toEqual([
      'needs_reconnect',
      expect.stringContaining('does not accept the client id and client secret'),
    ]);
    expect(await account.shop.stores.secrets.getAll(connectionOwner(id))).toEqual({
      client_secret: 'later',
    });
  });

  it('explains a General app’s credentials in this form', async () => {
    const page = await account.connectServer({ ...ZOOM_APP });
    expect(page.status).toBe(422);
    expect(page.text).toContain('unsupported grant type');
  });

  it('is connected without the scope to list users, and says which is missing', async () => {
    account.zoom.setScopes(SERVER_APP.clientId, ['meeting:write:meeting:admin']);
    const page = await account.connectServer();
    expect(page.text).toContain('Connected, but the scope user:read:list_users:admin is missing');
    expect(await account.findConnection('Server')).toMatchObject({ status: 'connected' });
  });

  it('has a scope that was added later with the next test, by a new token', async () => {
    account.zoom.setScopes(SERVER_APP.clientId, ['meeting:write:meeting:admin']);
    await account.connectServer();
    const all = ['meeting:write:meeting:admin', 'user:read:list_users:admin'];
    account.zoom.setScopes(SERVER_APP.clientId, all);
    await account.press('Server', '/test');
    expect(await account.findConnection('Server')).toMatchObject({
      status: 'connected',
      reason: null,
      connected_as: account.firstUser.email,
    });
  });

  it('turns to “needs reconnect” when the app is deactivated, and back by itself within the hour', async () => {
    await account.connectServer();
    account.zoom.setActive(SERVER_APP.clientId, false);
    await account.press('Server', '/test');
    const broken = await account.findConnection('Server');
    expect(broken).toMatchObject({ status: 'needs_reconnect' });
    expect(broken.check_at).toBeGreaterThan(Date.now() + HOUR_MS - 60_000);

    account.zoom.setActive(SERVER_APP.clientId, true);
    late = HOUR_MS;
    await waitUntil(
      'it was tested again',
      async () => (await account.findConnection('Server')).status === 'connected',
    );
    const lines = account.shop.notes.latest(account.id, 10);
    expect(lines.map(({ text }) => text)).toContain('The connection “Server” works again.');
  });
});

describe('editing server-to-server credentials', () => {
  const edit = async (fields: Record<string, string>) => {
    const { id } = await account.findConnection('Server');
    const accountId = account.shop.sandbox.zoomAccountId;
    return account.press('Server', `/connections/${id}`, {
      name: 'Server',
      accountId,
      ...SERVER_APP,
      ...fields,
    });
  };

  it('wants the secret each time, and never shows it', async () => {
    await account.connectServer();
    const page = await account.browser.open(await account.connectionUrl('Server'));
    expect(page.text).toMatch(/<input id="field-clientSecret"[^>]* type="password" value=""/);
    expect(page.text).not.toContain(SERVER_APP.clientSecret);
    const refused = await edit({ clientSecret: '', name: 'Renamed' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Enter the client secret.');
    expect(refused.text).toContain('value="Renamed"');
    expect((await everyConnection()).map(({ name }) => name)).toEqual(['Server']);
  });

  it('changes nothing when the new ones do not work', async () => {
    await account.connectServer();
    const refused = await edit({ clientSecret: 'wrong', name: 'Renamed' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('so nothing was changed');
    const { id, name } = await account.findConnection('Server');
    const { client_secret: secret } = await account.shop.stores.secrets.getAll(connectionOwner(id));
    expect([name, secret]).toEqual(['Server', SERVER_APP.clientSecret]);
  });

  it('notes in the history who changed what, without the secret', async () => {
    await account.connectServer();
    const { id } = await account.findConnection('Server');
    expect((await edit({ name: 'Renamed', hostUser: 'owner@zoom.example' })).status).toBe(303);
    expect(await account.shop.stores.connectionHistory.list(id, 1)).toEqual([
      {
        actor: expect.any(String),
        at: expect.any(Number),
        text: 'Edited, with the client secret entered again.',
        changes: [
          { field: 'Name', from: 'Server', to: 'Renamed' },
          { field: 'Host', from: null, to: 'owner@zoom.example' },
        ],
      },
    ]);
    const page = await account.browser.open(await account.connectionUrl('Renamed'));
    expect(page.text).toMatch(/<td>You<\/td>/);
    expect(page.text).toContain('<del dir="auto">Server</del>');
  });

  it('refuses a name that another connection has', async () => {
    await account.connectServer();
    await account.connectServer({ name: 'Other' });
    const refused = await edit({ name: 'Other' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('A connection of this name exists.');
  });
});
