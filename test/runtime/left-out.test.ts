import { afterEach, expect, it } from 'vitest';
import { openChat, type Chat } from '../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

it('what a handler may leave out may be undefined, as what it looks up often is', async () => {
  chat = await openChat({
    async onMessage({ reply, handOff }) {
      await reply('One moment please.', { buttons: undefined });
      await handOff({ reason: 'Asked for.', to: undefined, metadata: undefined });
    },
  });
  expect(await chat.say()).toMatchObject({ state: 'done' });
  expect(chat.replies()).toEqual(['One moment please.']);
  expect(chat.callsOf('PassControl')).toHaveLength(1);
});
