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
  it('by onGiveUp is stored although the event failed, and nothing of what failed', async () => {
    chat = await openChat({
      onMessage: remembering(async ({ memory }) => {
        await memory.conversation.set({ words: 'of what failed' });
        throw new TypeError('order is not a function');
      }),
      onGiveUp: remembering(({ memory }) => memory.customer.set({ words: 'that it failed' })),
    });
    expect(await chat.say()).toMatchObject({ state: 'failed' });
    const stored = await readAll();
    expect(stored).toContain('that it failed');
    expect(stored).not.toContain('of what failed');
  });

  it('for onGiveUp is there, without what the handler set that failed', async () => {
    chat = await openChat({
      onMessage: remembering(async ({ memory }) => {
        await memory.conversation.set({ waitingFor: 'never kept', count: 1 });
        chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 422 });
        throw new RangeError('This fails for good.');
      }),
      onGiveUp: remembering(async ({ memory }) => {
        const { count = 0 } = await memory.conversation.get();
        await memory.conversation.set({ words: `gave up after ${count}` });
      }),
    });
    await chat.say();
    expect(await readStored(chat, 'conversation_memory')).toEqual([{ words: 'gave up after 0' }]);
  });
});
