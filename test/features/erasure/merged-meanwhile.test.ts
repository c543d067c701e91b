import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../support/clock.ts';
import { createGate } from '../../support/gate.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';
import { engines } from '../../support/store/engines.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { remembering } from '../memory/support/keys.ts';

const DAY_MS = 24 * 60 * 60_000;

let chat: Chat;
afterEach(() => chat.shop.close());

describe.each(engines)('a customer who signs in while he is answered, on %s,', (engine) => {
  it('is forgotten when he is deleted, also after it was forgotten that two were merged', async () => {
    const clock = createClock(Date.now());
    const gate = createGate();
    chat = await openChat(
      {
        onMessage: remembering(async ({ message, memory }) => {
          await gate.pass();
          await memory.conversation.set({ words: message.text });
        }),
      },
      { engine, now: clock.now },
    );
    const { shop, zendesk, installationId: id, conversationId } = chat;
    const find = () => shop.stores.conversations.find(id, conversationId);
    const { userId } = zendesk.createConversation({ account: 'acme', userExternalId: 'ada' });
    zendesk.sendCustomerMessage({ conversationId, text: 'a private matter' });
    await gate.entered;
    zendesk.signIn({ userId: chat.userId, externalId: 'ada' });
    const merges = shop.database.kysely.selectFrom('merges').selectAll();
    await waitUntil('the merge is known', async () => (await merges.execute()).length > 0);
    gate.open();
    const memories = shop.database.kysely.selectFrom('conversation_memory').selectAll();
    await waitUntil('he was answered', async () => (await memories.execute()).length > 0);

    clock.advance(31 * DAY_MS);
    await shop.restart();
    const payload = { user: { id: userId } };
    const events = [{ id: 'removal', type: 'user:remove', createdAt: '', payload }];
    await zendesk.deliver({ account: 'acme', clientId: CLIENT_ID, events });
    await waitUntil('he was deleted', async () => {
      const removals = shop.database.kysely.selectFrom('events').where('event_id', '=', 'removal');
      return (await removals.select('state').executeTakeFirst())?.state === 'done';
    });
    expect(await find()).toBeUndefined();
    expect(await memories.execute()).toEqual([]);
  });
});
