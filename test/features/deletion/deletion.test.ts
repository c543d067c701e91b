import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBrowser, readCsrf } from '../../support/browser/browser.ts';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let shop: Shop;
let account: Awaited<ReturnType<Shop['install']>>;
let deleteUrl: string;
beforeEach(async () => {
  shop = await startShop();
  account = await shop.install();
  deleteUrl = `${account.statusUrl}/delete`;
  const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'a private matter' });
  await waitUntil('the bot answered', async () =>
    shop.notes.latest(account.id, 10).find(({ text }) => text.startsWith('Message answered')),
  );
});
afterEach(() => shop.close());

const openPage = () => account.browser.get(deleteUrl);
const press = async () => account.browser.submit(await openPage(), '/delete');

async function readAbout(text: string): Promise<string[]> {
  const rows = await readWholeDatabase(shop.database);
  return rows
    .filter(({ table, row }) => table !== 'sessions' && JSON.stringify(row).includes(text))
    .map(({ table }) => table);
}

it('says what will go and what it means at Zendesk before it does anything', async () => {
  const { status, text } = await openPage();
  expect(status).toBe(200);
  for (const words of ['It cannot be undone', 'Admin Center']) expect(text).toContain(words);
  expect(await shop.stores.installations.find(account.id)).toMatchObject({
    status: 'active',
  });
});

it('deletes everything but one line, withdraws our access, and removes the bot', async () => {
  const home = await press();
  expect(home.url).toBe(`${shop.url}/`);
  expect(home.text).toContain('Everything stored of Acme Outdoor was deleted');
  expect(home.text).not.toContain('Zendesk could not be told');
  expect(shop.zendesk.installations()).toEqual([]);
  await shop.zendesk.settled();
  expect(await readAbout(account.id)).toEqual(['activity']);
  expect(await readAbout('a private matter')).toEqual([]);
  const [line] = shop.notes.latest(account.id, 10);
  expect(line?.text).toMatch(
    /^The data of Acme Outdoor was deleted by its owner, browser [0-9a-f]{6}\.$/,
  );
  expect((await account.browser.get(account.statusUrl)).status).toBe(404);
});

it('deletes everything here even when Zendesk fails, and says what is left to do', async () => {
  shop.zendesk.armFault({ kind: 'answer', operation: 'RevokeAccess', status: 500 });
  const home = await press();
  expect(home.text).toContain('Zendesk could not be told, so remove the bot there as well');
  expect(home.text).toContain('Marketplace bots');
  expect(await readAbout(account.id)).toEqual(['activity']);
  expect(shop.zendesk.installations()).toHaveLength(1);
});

it('counts a token that Zendesk had revoked already as withdrawn', async () => {
  shop.zendesk.armFault({ kind: 'loseRemoveCallback' });
  shop.zendesk.removeInstallation({ account: 'acme', clientId: 'shopkeeper-test' });
  const home = await press();
  expect(home.text).toContain('and the bot was removed');
  expect(await readAbout(account.id)).toEqual(['activity']);
});

it('works for an account that was revoked at Zendesk, and says so', async () => {
  await shop.stores.installations.setStatus(account.id, ['active'], 'revoked');
  expect((await openPage()).text).toContain('Zendesk has withdrawn our access already');
  await press();
  expect(await readAbout(account.id)).toEqual(['activity']);
});

it('is refused without the form’s token, and to browsers that do not own the account', async () => {
  expect((await account.browser.post(deleteUrl, {})).status).toBe(403);
  const neighbour = await shop.installAndOpen('bloom');
  const csrf = readCsrf(neighbour.page);
  expect((await neighbour.browser.get(deleteUrl)).status).toBe(404);
  expect((await neighbour.browser.post(deleteUrl, { _csrf: csrf })).status).toBe(404);
  expect((await createBrowser().get(deleteUrl)).status).toBe(404);
  expect(await shop.stores.installations.find(account.id)).toBeDefined();
});
