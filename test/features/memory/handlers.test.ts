import { afterEach, describe, expect, it } from 'vitest';
import { createGate } from '../../support/gate.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { remembering } from './support/keys.ts';
import { readStored, talk } from './support/talk.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

/** What each step returned. */
async function say(...steps: Parameters<typeof talk>): Promise<unknown[]> {
  const talked = await talk(...steps);
  chat = talked.chat;
  return talked.seen;
}

describe('the memory of a conversation', () => {
  it('has at the next message what a handler set, key by key', async () => {
    const seen = await say(
      ({ memory }) => memory.conversation.set({ waitingFor: 'order', count: 1 }),
      ({ memory }) => memory.conversation.set({ count: 2 }),
      ({ memory }) => memory.conversation.get(),
    );
    expect(seen[2]).toEqual({ waitingFor: 'order', count: 2 });
  });

  it('is empty at first', async () => {
    expect(await say(({ memory }) => memory.conversation.get())).toEqual([{}]);
  });

  it.each([undefined, null])('forgets a key that is set to %s', async (value) => {
    const seen = await say(
      ({ memory }) => memory.conversation.set({ waitingFor: 'order', count: 1 }),
      ({ memory }) => memory.conversation.set({ waitingFor: value }),
      ({ memory }) => memory.conversation.get(),
    );
    expect(seen[2]).toEqual({ count: 1 });
  });

  it('forgets everything when it is cleared, and leaves no row', async () => {
    const seen = await say(
      ({ memory }) => memory.conversation.set({ waitingFor: 'order' }),
      ({ memory }) => memory.conversation.clear(),
      ({ memory }) => memory.conversation.get(),
    );
    expect(seen[2]).toEqual({});
    expect(await readStored(chat, 'conversation_memory')).toEqual([]);
  });

  it('shows a handler its own changes, which nobody changes by changing what it got', async () => {
    const seen = await say(
      ({ memory }) => memory.customer.set({ orders: ['1'] }),
      async ({ memory }) => {
        await memory.customer.set({ seen: 1 });
        const got = await memory.customer.get();
        got.orders?.push('2');
        await memory.customer.set({ words: 'x' });
        return await memory.customer.get();
      },
      async ({ memory }) => {
        await memory.customer.clear();
        await memory.customer.set({ seen: 3 });
        return await memory.customer.get();
      },
    );
    expect(seen[1]).toEqual({ orders: ['1'], seen: 1, words: 'x' });
    expect(seen[2]).toEqual({ seen: 3 });
  });

  it('keeps what a handler set without waiting for it', async () => {
    const seen = await say(
      async ({ memory }) => void memory.conversation.set({ count: 1 }).catch(() => {}),
      ({ memory }) => memory.conversation.get(),
    );
    expect(seen[1]).toEqual({ count: 1 });
  });

  it('is an error where a handler that forgot to wait has returned, rather than lost', async () => {
    const gate = createGate();
    let late: Promise<void> | undefined;
    chat = await openChat({
      onMessage: remembering(async ({ memory }) => {
        late = gate.pass().then(() => memory.conversation.set({ count: 1 }));
      }),
    });
    expect(await chat.say()).toMatchObject({ state: 'done' });
    gate.open();
    await expect(late).rejects.toThrow('Put `await` before what it calls.');
  });

  it('is not another conversation’s, but that of the customer is', async () => {
    chat = await openChat({
      onMessage: remembering(async ({ memory, reply }) => {
        const seen = [await memory.conversation.get(), await memory.customer.get()];
        await memory.conversation.set({ count: 1 });
        await memory.customer.set({ seen: 1 });
        await reply(JSON.stringify(seen));
      }),
    });
    const userExternalId = 'jane';
    for (const expected of ['[{},{}]', '[{},{"seen":1}]']) {
      const { conversationId } = chat.zendesk.createConversation({
        account: 'acme',
        userExternalId,
      });
      chat.zendesk.sendCustomerMessage({ conversationId, text: 'Hello?' });
      const [reply] = await waitUntil('the bot answers', () => {
        const found = chat.zendesk
          .messages(conversationId)
          .filter(({ author }) => author.type === 'business');
        return found.length > 0 ? found : undefined;
      });
      expect(reply?.content).toMatchObject({ text: expected });
    }
  });
});

describe('what a handler set', () => {
  let later = 0;

  it('is not kept when it fails, and its next attempt begins from what was before', async () => {
    const seen: unknown[] = [];
    chat = await openChat({
      onMessage: remembering(async ({ memory, event }) => {
        const { count = 0 } = await memory.conversation.get();
        seen.push(count);
        await memory.conversation.set({ count: count + 1 });
        if (event.attempt === 1) throw new Error('The first attempt fails.');
      }),
    });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(seen).toEqual([0, 0]);
    expect(await readStored(chat, 'conversation_memory')).toEqual([{ count: 1 }]);
  });

  it('is not kept when the bot is no longer in control', async () => {
    chat = await openChat(
      {
        onMessage: remembering(async ({ memory, reply }) => {
          await memory.conversation.set({ count: 1 });
          chat.zendesk.takeOver(chat.conversationId);
          // The handler has taken so long that control is looked up again.
          later = 10_000;
          await reply('Too late');
        }),
      },
      { now: () => Date.now() + later },
    );
    expect(await chat.say()).toMatchObject({ state: 'ignored' });
    expect(await readStored(chat, 'conversation_memory')).toEqual([]);
  });
  it('survives U+0000, half a character, and every name of a key', async () => {
    const words = 'a\u0000b\ud800c😀';
    const seen = await say(
      async ({ memory }) => {
        await memory.conversation.set({ words });
        await memory.customer.set({ [`of \u0000\udfff`]: words, [`of __proto__`]: 'x' });
      },
      async ({ memory }) => [await memory.conversation.get(), await memory.customer.get()],
    );
    expect(seen[1]).toEqual([{ words }, { 'of \u0000\udfff': words, 'of __proto__': 'x' }]);
  });
});

describe('a handler that does not ask', () => {
  it('costs no look at the database', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hello.') });
    const { kysely } = chat.shop.database;
    // So that one would fail.
    await kysely.schema.dropTable('conversation_memory').execute();
    await kysely.schema.dropTable('customer_memory').execute();
    expect(await chat.say()).toMatchObject({ state: 'done' });
  });
});
