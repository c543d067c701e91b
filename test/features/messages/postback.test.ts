import { expect, it, vi } from 'vitest';
import type { OnPostback } from '../../../server/runtime/types.ts';
import { openChat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

it('a pressed button brings back to onPostback what it was given along', async () => {
  const onPostback = vi.fn<OnPostback>(async () => {});
  const metadata = { size: 'M', units: 2 };
  const chat = await openChat({
    onMessage: ({ send }) =>
      send({
        type: 'carousel',
        items: [
          {
            title: 'A tent',
            actions: [{ type: 'postback', text: 'Buy', payload: 'buy', metadata }],
          },
        ],
      }),
    onPostback,
  });
  await chat.say('Tents?');
  chat.zendesk.sendPostback({ conversationId: chat.conversationId, payload: 'buy' });
  await waitUntil('the button was answered', () => onPostback.mock.calls.length === 1);
  expect(onPostback.mock.calls[0]?.[0]).toMatchObject({ payload: 'buy', metadata });
  await chat.shop.close();
});
