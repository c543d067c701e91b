import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWholeDatabase } from '../../../support/store/read-whole-database.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { decide, openAccount, ZOOM_APP, type Account } from '../support/open-account.ts';
import { connectionOwner } from '../../../../server/features/connections/store/schema.ts';

const { clientId } = ZOOM_APP;

let account: Account;
let late = 0;
beforeEach(async () => {
  late = 0;
  account = await openAccount({ now: () => Date.now() + late });
});
afterEach(() => account.close());

describe('app_deauthorized', () => {
  const line = 'The connection “Sales” needs to be reconnected.';
  const linesOf = async () =>
    account.shop.notes.latest(account.id, 20).filter(({ text }) => text.startsWith(line));

  it('deletes what is stored of that user, and says so once', async () => {
    await account.connect();
    const { id } = await account.findConnection('Sales');
    const { id: userId, email } = account.firstUser;
    account.zoom.deauthorize(userId);
    await account.zoom.settled();

    expect(await account.findConnection('Sales')).toMatchObject({
      id,
      status: 'needs_reconnect',
      connected_as: null,
      provider_user_id: null,
      provider_account_id: null,
    });
    expect(await account.shop.stores.secrets.getAll(connectionOwner(id))).toEqual({});
    const stored = JSON.stringify(await readWholeDatabase(account.shop.database));
    expect(stored).toContain('Sales');
    expect(stored).not.toContain(userId);
    expect(stored).not.toContain(email);
    expect(await linesOf()).toHaveLength(1);
  });

  it('may come twice', async () => {
    await account.connect();
    const payload = {
      user_id: account.firstUser.id,
      account_id: account.zoom.accountId,
      client_id: clientId,
    };
    const event = { clientId, event: 'app_deauthorized', payload };
    const answers = [await account.zoom.sendEvent(event), await account.zoom.sendEvent(event)];
    expect(answers.map((answer) => answer?.status)).toEqual([200, 200]);
    expect(await linesOf()).toHaveLength(1);
  });

  it.each([
    ['another user', { user_id: 'somebody-else' }],
    ['another account', { account_id: 'another' }],
    ['another client', { client_id: 'another' }],
  ])('of %s changes nothing', async (_case, change) => {
    await account.connect();
    const payload = {
      user_id: account.firstUser.id,
      account_id: account.zoom.accountId,
      client_id: clientId,
      ...change,
    };
    const event = { clientId, event: 'app_deauthorized', payload };
    expect((await account.zoom.sendEvent(event))?.status).toBe(200);
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
  });

  it('that is forged changes nothing', async () => {
    await account.connect();
    const payload = {
      user_id: account.firstUser.id,
      account_id: account.zoom.accountId,
      client_id: clientId,
    };
    const event = { clientId, event: 'app_deauthorized', payload, badSignature: true };
    expect((await account.zoom.sendEvent(event))?.status).toBe(401);
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
  });

  it('that comes after the user gave access again does not undo that', async () => {
    late = 4 * 60_000;
    await account.connect();
    const payload = {
      user_id: account.firstUser.id,
      account_id: account.zoom.accountId,
      client_id: clientId,
    };
    const event = { clientId, event: 'app_deauthorized', payload };
    expect((await account.zoom.sendEvent(event))?.status).toBe(200);
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
  });

  it('leaves a connection that can be reconnected in place', async () => {
    await account.connect();
    const before = await account.findConnection('Sales');
    account.zoom.deauthorize(account.firstUser.id);
    await account.zoom.settled();
    const redirect = await account.press('Sales', '/reconnect');
    const allow = { user: account.firstUser.id, decision: 'allow' };
    await decide(account.browser, redirect, allow);
    expect(await account.findConnection('Sales')).toMatchObject({
      id: before.id,
      status: 'connected',
      connected_as: account.firstUser.email,
    });
  });

  it('follows our own revocation, for a connection that is gone already', async () => {
    await account.connect();
    await account.press('Sales', '/delete');
    await account.zoom.settled();
    await waitUntil('Zoom told us', () =>
      account.shop.printed.some((text) => text.includes('A Zoom user removed the app.')),
    );
    expect(await account.shop.stores.connections.list(account.id)).toEqual([]);
  });
});

describe('an installation that goes', () => {
  const disconnect = async () => {
    const status = await account.browser.open(account.statusUrl);
    await account.browser.fillIn(status, '/disconnect', {});
  };

  it('takes its access at Zoom along, and leaves nothing of it here', async () => {
    await account.connect();
    await account.connectServer();
    const all = await account.shop.stores.connections.list(account.id);
    await disconnect();
    expect(account.zoom.grants()).toEqual([]);
    const stored = JSON.stringify(await readWholeDatabase(account.shop.database));
    for (const { id } of all) expect(stored).not.toContain(id);
    for (const text of [account.firstUser.email, ZOOM_APP.clientId])
      expect(stored).not.toContain(text);
  });

  it('takes it along as well when the bot is removed on the Zendesk side', async () => {
    await account.connect();
    account.shop.zendesk.removeInstallation({ account: 'acme', clientId: 'shopkeeper-test' });
    await waitUntil('it was removed', async () => {
      const all = await account.shop.stores.installations.list();
      return all.length === 0;
    });
    expect(account.zoom.grants()).toEqual([]);
  });

  it('goes all the same when Zoom is away', async () => {
    await account.connect();
    account.shop.zendesk.armFault({ kind: 'answer', operation: 'ZoomRevoke', status: 503 });
    await disconnect();
    expect(await account.shop.stores.installations.list()).toEqual([]);
    expect(account.shop.printed.join('')).toContain('could not be revoked at its provider');
  });
});
