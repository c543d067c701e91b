import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat | undefined;
afterEach(async () => {
  await chat?.shop.close();
  chat = undefined;
});

describe.each(engines)('an account whose handlers hang, on %s', (engine) => {
  it('keeps no other account waiting, however many conversations it has', async () => {
    let hanging = 0;
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    chat = await openChat(
      {
        async onMessage({ message, reply }) {
          if (message.type === 'text' && message.text === 'Hang') {
            hanging += 1;
            await ended;
          }
          await reply('Hi.');
        },
      },
      { engine },
    );
    const { zendesk, shop, conversationId } = chat;
    await shop.install('bloom');
    const mine = zendesk.createConversation({ account: 'bloom' }).conversationId;
    const isAnswered = (id: string) =>
      zendesk.messages(id).some(({ author }) => author.type === 'business');

    zendesk.sendCustomerMessage({ conversationId, text: 'Hang' });
    const many = Array.from(
      { length: 150 },
      () => zendesk.createConversation({ account: 'acme' }).conversationId,
    );
    for (const id of many) zendesk.sendCustomerMessage({ conversationId: id, text: 'Hang' });
    await zendesk.settled();
    await waitUntil('it has all the places it gets', () => hanging >= 65);
    zendesk.sendCustomerMessage({ conversationId: mine, text: 'Hello?' });
    await waitUntil('the other account is answered', () => isAnswered(mine));
    expect(hanging).toBe(65);
    expect(many.some(isAnswered)).toBe(false);

    end();
    await waitUntil('its own are answered, too', () => many.every(isAnswered));
  });
});
