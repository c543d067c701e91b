import { afterEach, describe, expect, it } from 'vitest';
import type { IncomingMessage } from '../../../server/runtime/types.ts';
import { openKeeper, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
let kept: IncomingMessage[];
afterEach(() => chat.shop.close());

describe('what the customer sends', () => {
  it('comes with the metadata of its page', async () => {
    ({ chat, kept } = await openKeeper());
    await chat.say('Hello?', { metadata: { product: 'tent' } });
    expect(kept).toMatchObject([{ metadata: { product: 'tent' } }]);
    expect(Math.abs((kept[0]?.receivedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });
});

describe('a message that was deleted before its turn', () => {
  it('is left alone', async () => {
    ({ chat, kept } = await openKeeper());
    const author = { type: 'user', userId: chat.userId };
    const message = { id: 'm1', author, content: { type: 'text', text: '' }, deleted: true };
    expect(await chat.tell('conversation:message', { message })).toMatchObject({
      state: 'ignored',
      note: 'Deleted by now.',
    });
    expect(kept).toEqual([]);
  });
});
