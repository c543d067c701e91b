import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, readCsrf } from '../../../support/browser/browser.ts';
import { engines } from '../../../support/store/engines.ts';
import { connectionOwner } from '../../../../server/features/connections/store/schema.ts';
import { readWholeDatabase } from '../../../support/store/read-whole-database.ts';
import { decide, openAccount, type Account } from '../support/open-account.ts';

const DAY_MS = 24 * 60 * 60_000;

describe.each(engines)('a deleted connection on %s', (engine) => {
  let account: Account;
  let late = 0;
  beforeEach(async () => {
    late = 0;
    account = await openAccount({ engine, now: () => Date.now() + late });
  });
  afterEach(() => account.close());

  const readAll = async () => JSON.stringify(await readWholeDatabase(account.shop.database));
  const restore = async (index = 0) => {
    const list = await account.browser.open(account.listUrl);
    const [action] =
      [...list.text.matchAll(/\/deleted-connections\/[\w-]+/g)].slice(index)[0] ?? [];
    if (action === undefined) throw new Error('Nothing to restore');
    return account.browser.fillIn(list, action, {});
  };

  it('has no secret left, nor who gave access, and can be restored with its history', async () => {
    await account.connect();
    const { id } = await account.findConnection('Sales');
    await account.press('Sales', '/delete');
    expect(await account.shop.stores.secrets.getAll(connectionOwner(id))).toEqual({});
    const kept = await account.shop.stores.deletedConnections.list(account.id);
    expect(JSON.stringify(kept)).not.toContain(account.firstUser.email);
    expect(JSON.stringify(kept)).not.toContain(account.firstUser.id);

    const page = await account.browser.follow(await restore());
    expect(page.text).toContain('“Sales” was restored.');
    expect(await account.findConnection('Sales')).toMatchObject({
      id,
      status: 'needs_reconnect',
      connected_as: null,
      told: 'working',
    });
    const lines = await account.shop.stores.connectionHistory.list(id, 10);
    expect(lines.map(({ text }) => text)).toEqual([
      'Restored, without its credentials.',
      'Authorized at Zoom.',
      'Created.',
    ]);
    const user = account.firstUser.id;
    const sent = await account.press('Sales', '/reconnect');
    await decide(account.browser, sent, { user, decision: 'allow' });
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
  });

  it('gets another name when its own is taken, and asks for another client when its own is gone', async () => {
    await account.connect();
    const { oauth_client_id: clientId } = await account.findConnection('Sales');
    await account.press('Sales', '/delete');
    const clients = `${account.statusUrl}/oauth-clients/${clientId}`;
    const client = await account.browser.open(clients);
    await account.browser.fillIn(client, '/delete', {});
    await account.connect();
    await restore();
    const restored = await account.findConnection('Sales (restored)');
    expect(restored.oauth_client_id).toBeNull();
    const sent = await account.press('Sales (restored)', '/reconnect');
    const page = await account.browser.open(account.browser.location(sent));
    expect(page.text).toContain('Edit it and choose another.');
  });

  it('is restored by one of two who ask at the same time', async () => {
    await account.connect();
    await account.press('Sales', '/delete');
    const list = await account.browser.open(account.listUrl);
    const [action = ''] = /\/deleted-connections\/[\w-]+/.exec(list.text) ?? [];
    const both = await Promise.all([0, 1].map(() => account.browser.fillIn(list, action, {})));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 404]);
  });

  it('of server-to-server credentials asks for them again', async () => {
    await account.connectServer();
    await account.press('Server', '/delete');
    await restore();
    await account.press('Server', '/test');
    expect(await account.findConnection('Server')).toMatchObject({
      status: 'needs_reconnect',
      reason: expect.stringContaining('There is no client secret stored'),
    });
  });

  it('cannot be restored after 30 days, and nothing of it is left then', async () => {
    await account.connect({ name: 'A name to forget' });
    await account.press('A name to forget', '/delete');
    const list = await account.browser.open(account.listUrl);
    late = 30 * DAY_MS + 1;
    const [action = ''] = /\/deleted-connections\/[\w-]+/.exec(list.text) ?? [];
    const refused = await account.browser.fillIn(list, action, {});
    expect([403, 404]).toContain(refused.status);
    expect(await account.shop.stores.connections.list(account.id)).toEqual([]);
    await account.shop.stores.deletedConnections.deleteOlderThan(30 * DAY_MS);
    expect(await account.shop.stores.deletedConnections.list(account.id)).toEqual([]);
  });

  it('is its owner’s to restore, and goes with the account', async () => {
    await account.connect({ name: 'A name to forget' });
    await account.browser.follow(await account.press('A name to forget', '/delete'));
    const { browser, statusUrl } = await account.shop.install('bloom');
    const [one] = await account.shop.stores.deletedConnections.list(account.id);
    const stranger = await browser.open(account.shop.url);
    expect(stranger.text).not.toContain('A name to forget');
    const token = readCsrf(await browser.open(statusUrl));
    const path = `${account.statusUrl}/deleted-connections/${one?.id}`;
    expect((await browser.post(path, { _csrf: token })).status).toBe(404);
    expect((await createBrowser().post(path, {})).status).toBe(403);
    await account.shop.stores.installations.remove(account.id, { kind: 'removed', text: 'Gone.' });
    expect(await readAll()).not.toContain('A name to forget');
  });
});
