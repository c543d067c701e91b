import { afterEach, expect, it } from 'vitest';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

it('send() leaves out what is undefined, as what a handler looks up often is', async () => {
  const link = { type: 'link' as const, text: 'Open', uri: 'https://shop.example/' };
  const lamp = { title: 'Lamp', description: undefined, mediaUrl: undefined, actions: [link] };
  chat = await openChat({
    onMessage: ({ send }) =>
      send({ type: 'list', items: [lamp], actions: undefined }, { metadata: undefined }),
  });
  expect(await chat.say()).toMatchObject({ state: 'done' });
  const items = [{ title: 'Lamp', actions: [link] }];
  expect(chat.callsOf('PostMessage')[0]?.body).toHaveProperty('content', { type: 'list', items });
});
