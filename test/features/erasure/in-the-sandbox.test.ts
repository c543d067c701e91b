import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSurvivor } from '../../../server/features/erasure/merges.ts';
import { createBrowser } from '../../support/browser/browser.ts';
import { readWholeDatabase } from '../../support/store/read-whole-database.ts';
import { startShop, type Shop } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** The page deletes and merges; the bot that asked for it is told, and forgets. */
describe('the customers of an account', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await startShop();
    await shop.install();
  });
  afterEach(() => shop.close());

  async function talk(text: string) {
    const opened = shop.zendesk.createConversation({ account: 'acme' });
    shop.zendesk.sendCustomerMessage({ conversationId: opened.conversationId, text });
    await waitUntil('it is answered', async () => (await readAll()).includes(`“${text}”`));
    await shop.zendesk.settled();
    return opened;
  }
  const readAll = async () => JSON.stringify(await readWholeDatabase(shop.database));
  const isGone = (...texts: string[]) =>
    waitUntil(`${texts.join(', ')} are gone`, async () => {
      const all = await readAll();
      return texts.every((text) => !all.includes(text));
    });

  async function press(action: string, fields: Record<string, string> = {}): Promise<void> {
    const admin = createBrowser();
    const page = await admin.get(`${shop.sandbox.url}/accounts/acme/admin/customers`);
    expect(page.text).toContain(`action="/accounts/acme/admin/customers/${action}"`);
    const url = `${shop.sandbox.url}/accounts/acme/admin/customers/${action}`;
    expect((await admin.post(url, fields)).status).toBe(303);
  }

  it('are told of when one is deleted', async () => {
    const jane = await talk('a private matter');
    const john = await talk('what John said');
    await press(`${jane.userId}/delete`);
    await isGone('a private matter', jane.conversationId, jane.userId);
    expect(await readAll()).toContain(john.conversationId);
    expect(() => shop.zendesk.messages(jane.conversationId)).toThrow('knows no such');
  });

  it('are told of when a conversation is deleted', async () => {
    const { conversationId } = await talk('a private matter');
    await press(`conversations/${conversationId}/delete`);
    await isGone('a private matter', conversationId);
  });

  it('are told of when two are merged, and the one that is left goes with both', async () => {
    const jane = await talk('a private matter');
    const again = await talk('another private matter');
    await press(`${jane.userId}/merge`, { surviving: again.userId });
    await waitUntil('the merge is known', async () => {
      const [installation] = await shop.stores.installations.list();
      const id = installation?.id ?? '';
      const { kysely } = shop.database;
      return (await findSurvivor(kysely, id, 'conversation', jane.conversationId)) !== undefined;
    });
    const words = JSON.stringify(shop.zendesk.messages(again.conversationId));
    expect(words).toContain('“a private matter”');
    shop.zendesk.removeUser(again.userId);
    await isGone('private matter', jane.conversationId, again.conversationId, jane.userId);
  });
});
