import { afterEach, describe, expect, it } from 'vitest';
import type { IncomingMessage } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

/** A bot that keeps what it is sent. */
async function openKeeper() {
  const kept: IncomingMessage[] = [];
  chat = await openChat({
    onMessage: async ({ message }) => void kept.push(message),
  });
  return kept;
}

describe('what the customer sends', () => {
  it('comes with the metadata of its page', async () => {
    const kept = await openKeeper();
    await chat.say('Hello?', { metadata: { product: 'tent' } });
    expect(kept).toMatchObject([{ metadata: { product: 'tent' }, isHidden: false }]);
    expect(Math.abs((kept[0]?.receivedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });
});

describe('a message that was deleted before its turn', () => {
  it('is left alone', async () => {
    const kept = await openKeeper();
    const author = { type: 'user', userId: chat.userId };
    const message = { id: 'm1', author, content: { type: 'text', text: '' }, deleted: true };
    expect(await chat.tell('conversation:message', { message })).toMatchObject({
      state: 'ignored',
      note: 'Deleted by now.',
    });
    expect(kept).toEqual([]);
  });
});
