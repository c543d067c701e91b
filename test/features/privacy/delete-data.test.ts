import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAccount, type Account } from '../connections/support/open-account.ts';
import { createBrowser } from '../../support/browser.ts';
import { readWholeDatabase } from '../../support/read-whole-database.ts';
import { waitUntil } from '../../support/wait-until.ts';

let account: Account;
let deleteUrl: string;
beforeEach(async () => {
  account = await openAccount();
  deleteUrl = `${account.statusUrl}/delete`;
  const { conversationId } = account.shop.zendesk.createConversation({ account: 'acme' });
  account.shop.zendesk.sendCustomerMessage({ conversationId, text: 'a private matter' });
  await waitUntil('the bot answered', async () =>
    (await account.shop.stores.activityLog.latest(account.id, 10)).find(({ text }) =>
      text.startsWith('Message answered'),
    ),
  );
});
afterEach(() => account.close());

const openPage = () => account.browser.get(deleteUrl);
const press = async () => account.browser.submit(await openPage(), '/delete');

async function readAbout(text: string): Promise<string[]> {
  const rows = await readWholeDatabase(account.shop.database);
  return rows
    .filter(({ table, row }) => table !== 'sessions' && JSON.stringify(row).includes(text))
    .map(({ table }) => table);
}

it('says what will go and what it means at Zendesk before it does anything', async () => {
  await account.connect();
  const { status, text } = await openPage();
  expect(status).toBe(200);
  for (const words of ['“Sales”', 'It cannot be undone', 'Admin Center', '/export"'])
    expect(text).toContain(words);
  expect(await account.shop.stores.installations.find(account.id)).toMatchObject({
    status: 'active',
  });
});

it('deletes everything but one line, withdraws every access, and removes the bot', async () => {
  await account.connect();
  const home = await press();
  expect(home.url).toBe(`${account.shop.url}/`);
  expect(home.text).toContain('Everything stored of Acme Outdoor was deleted');
  expect(home.text).not.toContain('Zendesk could not be told');
  expect(account.shop.zendesk.installations()).toEqual([]);
  await account.shop.zendesk.settled();
  expect(await readAbout(account.id)).toEqual(['activity']);
  expect(await readAbout('a private matter')).toEqual([]);
  const [line] = await account.shop.stores.activityLog.latest(account.id, 10);
  expect(line?.text).toMatch(
    /^The data of Acme Outdoor was deleted by its owner, browser [0-9a-f]{6}\.$/,
  );
  expect(account.zoom.calls.some(({ operation }) => operation === 'ZoomRevoke')).toBe(true);
  expect((await account.browser.get(account.statusUrl)).status).toBe(404);
});

it('deletes everything here even when Zendesk fails, and says what is left to do', async () => {
  account.shop.zendesk.armFault({ kind: 'answer', operation: 'RevokeAccess', status: 500 });
  const home = await press();
  expect(home.text).toContain('Zendesk could not be told, so remove the bot there as well');
  expect(home.text).toContain('Marketplace bots');
  expect(await readAbout(account.id)).toEqual(['activity']);
  expect(account.shop.zendesk.installations()).toHaveLength(1);
});

it('counts a token that Zendesk had revoked already as withdrawn', async () => {
  account.shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
  account.shop.zendesk.removeInstallation({ account: 'acme', clientId: 'shopkeeper-test' });
  const home = await press();
  expect(home.text).toContain('and the bot was removed');
  expect(await readAbout(account.id)).toEqual(['activity']);
});

it('works for an account that was revoked at Zendesk, and says so', async () => {
  await account.shop.stores.installations.setStatus(account.id, ['active'], 'revoked');
  expect((await openPage()).text).toContain('Zendesk has withdrawn our access already');
  await press();
  expect(await readAbout(account.id)).toEqual(['activity']);
});

it('is refused without the form’s token, and to browsers that do not own the account', async () => {
  expect((await account.browser.post(deleteUrl, {})).status).toBe(403);
  const neighbour = await account.shop.install('bloom');
  const csrf = /name="_csrf" value="([^"]*)"/.exec(neighbour.page.text)?.[1] ?? '';
  expect((await neighbour.browser.get(deleteUrl)).status).toBe(404);
  expect((await neighbour.browser.post(deleteUrl, { _csrf: csrf })).status).toBe(404);
  expect((await createBrowser().get(deleteUrl)).status).toBe(404);
  expect(await account.shop.stores.installations.find(account.id)).toBeDefined();
});
