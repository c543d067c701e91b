import { afterEach, describe, expect, it } from 'vitest';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { engines } from '../../support/store/engines.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe.each(engines)('of several instances on %s', (engine) => {
  let chat: Chat;
  afterEach(() => chat.shop.close());

  it('one that knew the account before drops what comes late of who was deleted by another', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Yes?') }, { engine });
    const { shop, zendesk, conversationId, installationId: id } = chat;
    const other = await shop.addInstance();
    const key = zendesk.installations()[0]?.webhooks[0]?.secret ?? '';
    async function deliver(text: string): Promise<void> {
      const event = zendesk.buildMessageEvent({ conversationId, text });
      const { status } = await fetch(`${other}/webhooks/${id}`, {
        method: 'POST',
        headers: { 'X-API-Key': key },
        body: JSON.stringify({ events: [event] }),
      });
      expect(status).toBe(200);
    }
    const countDone = async () => {
      const events = shop.database.kysely.selectFrom('events').selectAll();
      const messages = events.where('type', '=', 'conversation:message').where('attempts', '>', 0);
      return (await messages.where('state', '=', 'done').execute()).length;
    };
    await deliver('Hello?');
    await waitUntil('it is answered', async () => (await countDone()) === 1);
    const before = chat.replies().length;

    await chat.tell('conversation:remove');
    const rows = () => shop.database.kysely.selectFrom('events').select('seq').execute();
    // At once, or as soon as it has heard of it: until then it is dropped when its turn comes.
    await waitUntil('it is dropped', async () => {
      const { length } = await rows();
      await deliver('Still there?');
      return (await rows()).length === length;
    });
    expect(chat.replies()).toHaveLength(before);
    expect(await shop.stores.conversations.find(id, conversationId)).toBeUndefined();
  });
});
