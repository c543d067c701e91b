import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKeyProblems } from '../../../../server/commands/doctor/key-use.ts';
import { secretOwners } from '../../../../server/features/connections/store/schema.ts';
import { repliesIn } from '../../../support/start-shop.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { openAccount, type Account } from '../support/open-account.ts';

const HOUR_MS = 60 * 60_000;
const REASON = 'A stored secret needs the encryption key "lost"';

let account: Account;
let late = 0;
beforeEach(async () => {
  late = 0;
  account = await openAccount({
    now: () => Date.now() + late,
    bot: { onStart: async () => {} },
  });
  await account.connect();
  await useKey('lost');
});
afterEach(() => account.close());

async function useKey(keyId: string): Promise<void> {
  await account.shop.database.kysely
    .updateTable('secrets')
    .set({ key_id: keyId })
    .where('owner', 'like', 'connection:%')
    .execute();
}

describe('a connection whose key is lost', () => {
  it('says so after a test, and works again by itself when the key is back', async () => {
    await account.press('Sales', '/test');

    expect(await account.findConnection('Sales')).toMatchObject({
      status: 'needs_reconnect',
      reason: expect.stringContaining(REASON),
    });
    const page = await account.browser.open(await account.connectionUrl('Sales'));
    expect(page.text).toContain('needs the encryption key');

    await useKey('test');
    late = HOUR_MS;
    await waitUntil(
      'it works again',
      async () => (await account.findConnection('Sales')).status === 'connected',
    );
  });

  it('is reported to a customer as one that has to be repaired', async () => {
    const { conversationId } = account.shop.zendesk.createConversation({ account: 'acme' });
    account.shop.zendesk.sendCustomerMessage({ conversationId, text: 'meet' });

    const answer = await waitUntil(
      'the bot answered',
      () => repliesIn(account.shop, conversationId)[0],
    );

    expect(answer).toContain('The Zoom connection has to be repaired.');
    expect(await account.findConnection('Sales')).toMatchObject({
      reason: expect.stringContaining(REASON),
    });
  });

  it('works again once it is reconnected', async () => {
    await account.press('Sales', '/test');

    await account.connect({ name: 'Sales again' });

    const connections = await account.shop.stores.connections.list(account.id);
    expect(connections.map(({ status }) => status)).toContain('connected');
    expect(
      await findKeyProblems({ ...account.shop, ...account.shop.stores, secretOwners }),
    ).toEqual([]);
  });
});
