import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, readCsrf } from '../../../support/browser/browser.ts';
import { engines } from '../../../support/store/engines.ts';
import { openAccount, type Account } from '../support/open-account.ts';

let account: Account;
beforeEach(async () => {
  account = await openAccount({ engine: engines.at(-1) ?? 'sqlite' });
});
afterEach(() => account.close());

describe('other people', () => {
  it('find none of these pages, and cannot press their buttons', async () => {
    await account.connect();
    const url = await account.connectionUrl('Sales');
    const [client] = await account.shop.stores.oauthClients.list(account.id);
    const stranger = createBrowser();
    const other = await stranger.open(await stranger.allow(account.shop.url, 'bloom'));
    const token = readCsrf(other);
    const clientUrl = `${account.statusUrl}/oauth-clients/${client?.id}`;
    for (const page of [account.listUrl, `${account.listUrl}/new`, url, clientUrl])
      expect((await stranger.get(page)).status, page).toBe(404);
    const buttons = ['', '/test', '/reconnect', '/disable', '/enable', '/delete'];
    for (const target of [account.listUrl, clientUrl, ...buttons.map((path) => `${url}${path}`)])
      expect((await stranger.post(target, { _csrf: token })).status, target).toBe(404);
    // Nor with the id of the connection under an installation of their own.
    const { pathname } = new URL(url);
    const mixed = `${other.url}/connections/${pathname.split('/').at(-1)}`;
    expect((await stranger.get(mixed)).status).toBe(404);
    expect(await account.findConnection('Sales')).toMatchObject({ status: 'connected' });
  });

  it('cannot make an owner’s browser send a form', async () => {
    await account.connect();
    const url = await account.connectionUrl('Sales');
    for (const path of ['', '/test', '/reconnect', '/disable', '/enable', '/delete'])
      expect((await account.browser.post(`${url}${path}`, {})).status).toBe(403);
    expect((await account.browser.post(account.listUrl, {})).status).toBe(403);
  });
});

it('tests are limited to twenty a minute', async () => {
  await account.connect();
  const statuses: number[] = [];
  for (let press = 0; press < 21; press += 1)
    statuses.push((await account.press('Sales', '/test')).status);
  expect(statuses.filter((status) => status === 303).length).toBeLessThanOrEqual(20);
  expect(statuses.at(-1)).toBe(429);
});

it.each(['%00', '%ED%A0%80', 'x'.repeat(300), '..%2F..'])(
  'there is no connection and no OAuth client %s',
  async (id) => {
    for (const list of [account.listUrl, `${account.statusUrl}/oauth-clients`]) {
      const { status } = await account.browser.get(`${list}/${id}`);
      expect([400, 404]).toContain(status);
    }
  },
);
