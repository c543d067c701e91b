import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repliesIn, startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let clock = 0;
let shop: Shop;
let installed: Awaited<ReturnType<Shop['installAndOpen']>>;
beforeEach(async () => {
  clock = 0;
  shop = await startShop({ now: () => Date.now() + clock });
  installed = await shop.installAndOpen();
});
afterEach(() => shop.close());

const rename = () => shop.zendesk.renameAccount({ account: 'acme', subdomain: 'acme-outdoor' });
const looks = () =>
  shop.zendesk.calls.filter(({ operation }) => operation === 'GetTokenInfo').length;
const readInstallation = () => shop.stores.installations.find(installed.id);

async function expectFollowed(): Promise<void> {
  expect(await readInstallation()).toMatchObject({ status: 'active', subdomain: 'acme-outdoor' });
  expect(looks()).toBe(2);
}

describe('an account whose subdomain was changed at Zendesk', () => {
  it('is answered at the new one, at the first attempt and without a restart', async () => {
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    await waitUntil('it was greeted', () => repliesIn(shop, conversationId).length === 1);
    rename();
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'hi' });
    await waitUntil('it was answered', () => repliesIn(shop, conversationId).length === 2);
    const events = await shop.database.kysely.selectFrom('events').selectAll().execute();
    expect(events.every(({ attempts }) => attempts <= 1)).toBe(true);
    await expectFollowed();
    const lines = shop.notes.latest(installed.id, 10);
    expect(lines.map(({ text }) => text)).toContain(
      'Zendesk has this account at acme-outdoor now; before it was at acme.',
    );
  });

  it('is asked about once for all calls that fail at the same time', async () => {
    const conversations = [1, 2, 3, 4, 5].map(
      () => shop.zendesk.createConversation({ account: 'acme' }).conversationId,
    );
    rename();
    await waitUntil('all were greeted', () =>
      conversations.every((id) => repliesIn(shop, id).length === 1),
    );
    await expectFollowed();
  });

  it.each([
    [
      'status page',
      async () => {
        // What Zendesk said before is believed for ten seconds.
        clock += 11_000;
        return installed.browser.get(installed.statusUrl);
      },
      'registered',
    ],
    [
      'check of the webhook',
      async () => installed.browser.submit(installed.page, '/webhook'),
      'registered and points here',
    ],
    [
      'test message',
      async () => installed.browser.submit(installed.page, '/test-message'),
      'The test message was sent',
    ],
  ])('is found by the %s', async (_name, visit, expected) => {
    rename();
    expect((await visit()).text).toContain(expected);
    await expectFollowed();
  });

  it('is disconnected where it is now', async () => {
    rename();
    const home = await installed.browser.submit(installed.page, '/disconnect');
    expect(home.text).toContain('is disconnected');
    expect(shop.zendesk.installations()).toEqual([]);
  });

  it('is not disconnected where it was, while Zendesk cannot be asked where it is', async () => {
    rename();
    shop.zendesk.armFault({ kind: 'html', operation: 'GetTokenInfo', status: 502 });
    const failed = await installed.browser.submit(installed.page, '/disconnect');
    expect(failed.text).toContain('Nothing was changed');
    expect(shop.zendesk.installations()).toHaveLength(1);
  });

  it('is answered as soon as Zendesk can be asked where it is', async () => {
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    await waitUntil('it was greeted', () => repliesIn(shop, conversationId).length === 1);
    rename();
    shop.zendesk.armFault({ kind: 'answer', operation: 'GetTokenInfo', status: 500, times: 2 });
    shop.zendesk.sendCustomerMessage({ conversationId, text: 'hi' });
    await waitUntil('it was answered', () => {
      clock += 1_000;
      return repliesIn(shop, conversationId).length === 2;
    });
    expect(await readInstallation()).toMatchObject({ subdomain: 'acme-outdoor' });
  });
});

describe('an account that is where it was', () => {
  it('is not asked about again for every call that finds nothing', async () => {
    const { conversationId } = shop.zendesk.createConversation({ account: 'acme' });
    await waitUntil('it was greeted', () => repliesIn(shop, conversationId).length === 1);
    const fault = { kind: 'answer', operation: 'PostMessage', status: 403, times: 5 } as const;
    shop.zendesk.armFault(fault);
    for (let count = 0; count < 5; count++)
      shop.zendesk.sendCustomerMessage({ conversationId, text: `hi ${count}` });
    await waitUntil('all have failed', async () => {
      const events = shop.database.kysely.selectFrom('events').select('seq');
      const failed = await events.where('state', '=', 'failed').execute();
      return failed.length === 5;
    });
    expect(looks()).toBe(2);
    expect(await readInstallation()).toMatchObject({ subdomain: 'acme' });
  });
});
