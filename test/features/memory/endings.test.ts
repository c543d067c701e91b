import { afterEach, describe, expect, it } from 'vitest';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { remembering } from './support/keys.ts';
import { readStored } from './support/talk.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const readAll = async () =>
  JSON.stringify([
    await readStored(chat, 'conversation_memory'),
    await readStored(chat, 'customer_memory'),
  ]);

describe('what is remembered', () => {
  it('by onEnded is stored, and can be forgotten there', async () => {
    chat = await openChat({
      onMessage: remembering(({ memory }) => memory.conversation.set({ words: 'a question' })),
      onEnded: remembering(async ({ memory, by }) => {
        await memory.conversation.clear();
        await memory.customer.set({ words: `left by ${by}` });
      }),
    });
    await chat.say();
    expect(await readAll()).toContain('a question');
    await chat.tell('switchboard:releaseControl', { reason: 'ticketClosed' });
    const stored = await readAll();
    expect(stored).toContain('left by agent');
    expect(stored).not.toContain('a question');
  });
});
