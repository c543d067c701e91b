import { afterEach, describe, expect, it } from 'vitest';
import type { IncomingMessage } from '../../../server/runtime/types.ts';
import { openKeeper, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
let kept: IncomingMessage[];
afterEach(() => chat.shop.close());

describe('what the customer sends', () => {
  it('is a place, or the answers to a form, with the form', async () => {
    ({ chat, kept } = await openKeeper(async ({ message, send }) => {
      if (message.type !== 'location') return;
      const fields = [
        { type: 'email' as const, name: 'mail', label: 'E-mail' },
        { type: 'text' as const, name: 'order', label: 'Order', format: 'integer' as const },
      ];
      await send({ type: 'form', fields }, { metadata: { form: 'return' } });
    }));
    await chat.sendLocation({ lat: 48.2, long: 16.3, name: 'Our shop' });
    expect(await chat.answerForm({ mail: 'jane@example.com', order: '4711' })).toMatchObject({
      state: 'done',
    });
    expect(kept).toMatchObject([
      { type: 'location', coordinates: { lat: 48.2, long: 16.3 }, text: 'Our shop' },
      {
        type: 'form',
        values: { mail: 'jane@example.com', order: '4711' },
        fields: [{ type: 'email' }, { type: 'text', value: 4711 }],
        text: 'E-mail: jane@example.com\nOrder: 4711',
        quoted: { by: 'business', id: expect.any(String), metadata: { form: 'return' } },
      },
    ]);
  });
});
