import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

describe.each(engines)('a customer who signs in after writing, on %s,', (engine) => {
  it('is found, and changed, under the id that Zendesk has merged him into', async () => {
    chat = await openChat(
      {
        async onMessage({ customer, event, reply }) {
          if (event.attempt === 1) {
            chat.zendesk.signIn({ userId: chat.userId, externalId: 'ada' });
            await chat.zendesk.settled();
            throw new Error('Once more.');
          }
          const { externalId } = await customer.profile();
          await customer.update({ profile: { givenName: 'Ada' } });
          await reply(`${externalId} is ${(await customer.profile()).name}`);
        },
      },
      { engine },
    );
    const { userId } = chat.zendesk.createConversation({ account: 'acme' });
    chat.zendesk.signIn({ userId, externalId: 'ada' });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(chat.replies()).toEqual(['ada is Ada']);
  });
});
