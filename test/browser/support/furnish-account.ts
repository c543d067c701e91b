import type { BrowserContext } from 'playwright-core';
import { openAccount, ZOCKS_APP } from '../../features/connections/support/open-account.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { signIn } from '../../support/browser/open-chromium.ts';
import { CLIENT_ID, repliesIn } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** “Do you sell tents like this one?”, with an address. */
const RIGHT_TO_LEFT = 'האם אתם מוכרים אוהלים כמו https://tents.example/blue ?';

const EVENTS = {
  failed: { state: 'failed', attempts: 8, note: 'Given up after 8 attempts: status 500' },
  ignored: { state: 'ignored', note: 'Written by a business', settled_at: 1 },
  dropped: { state: 'done', payload: null, settled_at: 1 },
} as const;

export type FurnishedAccount = Awaited<ReturnType<typeof furnishAccount>>;

/**
 * Three accounts of one owner: Acme has something of everything, Bloom nothing but a webhook limit
 * that is reached, Old Mill has lost its access.
 */
export async function furnishAccount() {
  const account = await openAccount();
  const { shop, browser, id, statusUrl } = account;
  const { zendesk, stores, database } = shop;

  await account.connect({ name: 'Sales' });
  await account.connectServer({ name: 'Server' });
  const notes = { name: 'Notes', provider: 'zocks', oauthClientId: '', ...ZOCKS_APP };
  await account.connect(notes, zendesk.zocks.users[0]?.id);
  await account.press('Notes', '/disable');
  account.zoom.deauthorize(account.firstUser.id);
  await account.zoom.settled();
  const clientsUrl = `${statusUrl}/oauth-clients`;
  const spare = {
    name: 'Spare',
    provider: 'zoom',
    clientId: 'spare',
    clientSecret: 'spare-secret',
  };
  await browser.fillIn(await browser.open(`${clientsUrl}/new`), '/oauth-clients', spare);

  const linked = await account.press('Sales', '/link', { askedBy: 'Ada' });
  const [reconnectLink = ''] = /http[^<"]+\/connections\/link\/[\w-]{43}/.exec(linked.text) ?? [];

  const { conversationId } = zendesk.createConversation({ account: 'acme' });
  zendesk.sendCustomerMessage({ conversationId, text: 'Do you sell tents?' });
  await waitUntil('the bot answered', () => repliesIn(shop, conversationId)[1]);
  zendesk.sendCustomerMessage({ conversationId, text: RIGHT_TO_LEFT });
  await waitUntil('the bot answered again', () => repliesIn(shop, conversationId)[2]);
  for (const [event_id, changes] of Object.entries(EVENTS)) {
    const event = { installation_id: id, event_id, received_at: Date.now(), ...changes };
    await insertEvent(database, event);
  }

  const bloom = { account: 'bloom', clientId: CLIENT_ID };
  zendesk.install(bloom);
  for (const n of [1, 2, 3]) {
    zendesk.addForeignWebhook({ ...bloom, target: `https://other${n}.example.com/hook` });
  }
  const add = async (name: string) => (await browser.open(await browser.allow(shop.url, name))).url;
  const bloomUrl = await add('bloom');
  const oldMillUrl = await add('old-mill');
  await database.kysely
    .updateTable('installations')
    .set({ status: 'revoked' })
    .where('id', '=', oldMillUrl.split('/').at(-1) ?? '')
    .execute();

  const clients = await stores.oauthClients.list(id);
  const clientUrl = (name: string) =>
    `${clientsUrl}/${clients.find((client) => client.name === name)?.id}`;

  return {
    ...account,
    conversationId,
    /** What stands for the addresses that differ from run to run. */
    places: {
      acme: statusUrl,
      bloom: bloomUrl,
      oldMill: oldMillUrl,
      sales: await account.connectionUrl('Sales'),
      server: await account.connectionUrl('Server'),
      notes: await account.connectionUrl('Notes'),
      reconnectLink,
      usedClient: clientUrl('Sales'),
      spareClient: clientUrl('Spare'),
    },
    /** Makes the visitor the owner. */
    signIn: (visitor: BrowserContext) => signIn(visitor, browser),
  };
}
