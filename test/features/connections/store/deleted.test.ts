import { expect, it } from 'vitest';
import { openAccount, SERVER_APP, ZOOM_APP } from '../support/open-account.ts';

it('the page that deletes an account’s data names its connections, and access to them is withdrawn', async () => {
  const account = await openAccount();
  const { shop, browser, statusUrl, zoom } = account;
  await account.connect();
  const page = await browser.get(`${statusUrl}/delete`);
  expect(page.text).toContain('“Sales”');
  await browser.submit(page, '/delete');
  expect(zoom.calls.some(({ operation }) => operation === 'ZoomRevoke')).toBe(true);
  expect(await shop.stores.connections.list(account.id)).toEqual([]);
  await account.close();
});

it('the export of an account has its connections with their history, and no credential', async () => {
  const account = await openAccount();
  await account.connect();
  await account.connectServer();
  const { text } = await account.browser.get(`${account.statusUrl}/export`);
  const data: unknown = JSON.parse(text);
  expect(data).toMatchObject({
    oauthClients: [{ client_id: ZOOM_APP.clientId }],
    connections: [
      { name: 'Sales', history: expect.arrayContaining([expect.anything()]) },
      { name: 'Server' },
    ],
  });
  expect([ZOOM_APP, SERVER_APP].filter((app) => text.includes(app.clientSecret))).toEqual([]);
  await account.close();
});

it('nor does it say which browsers own the account, not of a connection that was deleted, either', async () => {
  const account = await openAccount();
  await account.connect();
  await account.connectServer();
  await account.press('Sales', '/delete');
  const owners = await account.shop.stores.installationOwners.list(account.id);
  const { text } = await account.browser.get(`${account.statusUrl}/export`);
  const data: unknown = JSON.parse(text);
  const history = expect.arrayContaining([expect.objectContaining({ text: 'Created.' })]);
  expect(data).toMatchObject({
    connections: [{ name: 'Server', history }],
    deletedConnections: [{ name: 'Sales', kept: { provider: 'zoom', history } }],
  });
  expect(owners.filter((owner) => text.includes(owner.owner_id))).toEqual([]);
  await account.close();
});
