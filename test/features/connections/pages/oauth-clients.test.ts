import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccount, ZOOM_APP, type Account } from '../support/open-account.ts';
import { readCsrf } from '../../../support/browser/browser.ts';

let account: Account;
beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.close());

describe('OAuth clients', () => {
  const clientsUrl = () => `${account.statusUrl}/oauth-clients`;
  const add = async (fields: Record<string, string> = {}) => {
    const form = await account.browser.open(`${clientsUrl()}/new`);
    const all = { name: 'Zoom app', provider: 'zoom', ...ZOOM_APP, ...fields };
    return account.browser.fillIn(form, '/oauth-clients', all);
  };
  const findClient = async () => {
    const [client] = await account.shop.stores.oauthClients.list(account.id);
    if (client === undefined) throw new Error('There is no OAuth client');
    return client;
  };

  it('are stored once and used by many connections', async () => {
    const page = await account.browser.follow(await add());
    expect(page.text).toContain('“Zoom app” was saved.');
    const { id } = await findClient();
    for (const name of ['One', 'Two']) await account.send({ name, oauthClientId: id });
    const list = await account.browser.open(clientsUrl());
    expect(list.text).toContain('One, Two');
    expect(await account.shop.stores.oauthClients.list(account.id)).toHaveLength(1);
  });

  it('want the secret at each edit, never show it, and have their connections tested again', async () => {
    await account.connect();
    const { id } = await findClient();
    const url = `${clientsUrl()}/${id}`;
    const form = await account.browser.open(url);
    expect(form.text).not.toContain(ZOOM_APP.clientSecret);
    expect(form.text).toContain(`value="${ZOOM_APP.clientId}"`);
    const fields = { name: 'Renamed', clientId: ZOOM_APP.clientId, clientSecret: '' };
    const refused = await account.browser.fillIn(form, `/${id}`, fields);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Enter the client secret.');
    const saved = await account.browser.fillIn(form, `/${id}`, {
      ...fields,
      clientSecret: 'new-one',
    });
    expect(saved.status).toBe(303);
    const { secrets, connections } = account.shop.stores;
    expect(await secrets.get(`oauth_client:${id}`, 'client_secret')).toBe('new-one');
    const [connection] = await connections.list(account.id);
    expect(connection?.check_at).toBeLessThanOrEqual(Date.now() + 5 * 60_000);
  });

  it('are not deleted while a connection uses them, which is named', async () => {
    await account.connect();
    const { id } = await findClient();
    const page = await account.browser.open(`${clientsUrl()}/${id}`);
    expect(page.text).not.toContain('/delete"');
    const refused = await deleteClient(id);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('“Sales”');

    await account.press('Sales', '/delete');
    expect((await deleteClient(id)).status).toBe(303);
    expect(await account.shop.stores.secrets.getAll(`oauth_client:${id}`)).toEqual({});
  });

  it('leave a line that says who added, changed and deleted them', async () => {
    await add();
    const { id } = await findClient();
    const form = await account.browser.open(`${clientsUrl()}/${id}`);
    await account.browser.fillIn(form, `/${id}`, { name: 'Renamed', ...ZOOM_APP });
    await deleteClient(id);
    const lines = account.shop.notes.latest(account.id, 3);
    const words = lines.map(({ text }) => text.replace(/browser [0-9a-f]{6}/, 'browser x'));
    expect(words.toReversed()).toEqual([
      'The OAuth client “Zoom app” was added by browser x.',
      'The OAuth client “Renamed” was changed by browser x.',
      'The OAuth client “Renamed” was deleted by browser x.',
    ]);
  });

  it('of an unknown provider are refused beside the field', async () => {
    const page = await add({ provider: 'nobody' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('Choose a provider.');
  });

  async function deleteClient(id: string) {
    const form = await account.browser.open(`${clientsUrl()}/new`);
    const token = readCsrf(form);
    return account.browser.post(`${clientsUrl()}/${id}/delete`, { _csrf: token });
  }
});
