import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { requireDefaults } from '../../../server/features/memory/open-memory.ts';
import type { Tools } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';
import './support/keys.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

/** Lets the customer write one message for each step; each step's return value is replied. */
async function talk(...steps: ((tools: Tools) => Promise<unknown>)[]): Promise<unknown[]> {
  const left = [...steps];
  chat = await openChat({
    async onMessage(tools) {
      const step = left.shift();
      await tools.reply(JSON.stringify((await step?.(tools)) ?? 'nothing'));
    },
  });
  await sayUntilReplied(steps.length);
  return chat.replies().map((reply): unknown => JSON.parse(reply));
}

async function sayUntilReplied(count: number): Promise<void> {
  const { zendesk, conversationId } = chat;
  for (let number = 1; number <= count; number++) {
    zendesk.sendCustomerMessage({ conversationId, text: `message ${number}` });
    await waitUntil(`reply ${number}`, () => chat.replies().length === number);
  }
}

/** What the database has, whatever a handler sees. */
async function readStored(table: 'conversation_memory' | 'customer_memory') {
  const rows = await chat.shop.database.kysely.selectFrom(table).selectAll().execute();
  return rows.map(({ value }): unknown => JSON.parse(value));
}

describe('the memory of a conversation', () => {
  it('has at the next message what a handler set, key by key', async () => {
    const seen = await talk(
      ({ memory }) => memory.conversation.set({ waitingFor: 'order', count: 1 }),
      ({ memory }) => memory.conversation.set({ count: 2 }),
      ({ memory }) => memory.conversation.get(),
    );
    expect(seen[2]).toEqual({ waitingFor: 'order', count: 2 });
  });

  it('is empty at first', async () => {
    expect(await talk(({ memory }) => memory.conversation.get())).toEqual([{}]);
  });

  it.each([undefined, null])('forgets a key that is set to %s', async (value) => {
    const seen = await talk(
      ({ memory }) => memory.conversation.set({ waitingFor: 'order', count: 1 }),
      ({ memory }) => memory.conversation.set({ waitingFor: value }),
      ({ memory }) => memory.conversation.get(),
    );
    expect(seen[2]).toEqual({ count: 1 });
  });

  it('forgets everything when it is cleared, and leaves no row', async () => {
    const seen = await talk(
      ({ memory }) => memory.conversation.set({ waitingFor: 'order' }),
      ({ memory }) => memory.conversation.clear(),
      ({ memory }) => memory.conversation.get(),
    );
    expect(seen[2]).toEqual({});
    expect(await readStored('conversation_memory')).toEqual([]);
  });

  it('shows a handler its own changes, which nobody changes by changing what it got', async () => {
    const seen = await talk(
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
    const seen = await talk(
      async ({ memory }) => void memory.conversation.set({ count: 1 }).catch(() => {}),
      ({ memory }) => memory.conversation.get(),
    );
    expect(seen[1]).toEqual({ count: 1 });
  });

  it('is not another conversation’s, but that of the customer is', async () => {
    chat = await openChat({
      async onMessage({ memory, reply }) {
        const seen = [await memory.conversation.get(), await memory.customer.get()];
        await memory.conversation.set({ count: 1 });
        await memory.customer.set({ seen: 1 });
        await reply(JSON.stringify(seen));
      },
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
      async onMessage({ memory, event }) {
        const { count = 0 } = await memory.conversation.get();
        seen.push(count);
        await memory.conversation.set({ count: count + 1 });
        if (event.attempt === 1) throw new Error('The first attempt fails.');
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(seen).toEqual([0, 0]);
    expect(await readStored('conversation_memory')).toEqual([{ count: 1 }]);
  });

  it('is not kept when the bot is no longer in control', async () => {
    chat = await openChat(
      {
        async onMessage({ memory, reply }) {
          await memory.conversation.set({ count: 1 });
          chat.zendesk.takeOver(chat.conversationId);
          // The handler has taken so long that control is looked up again.
          later = 10_000;
          await reply('Too late');
        },
      },
      { now: () => Date.now() + later },
    );
    expect(await chat.say()).toMatchObject({ state: 'ignored' });
    expect(await readStored('conversation_memory')).toEqual([]);
  });
  it('survives U+0000, half a character, and every name of a key', async () => {
    const words = 'a\u0000b\ud800c😀';
    const seen = await talk(
      async ({ memory }) => {
        await memory.conversation.set({ words });
        await memory.customer.set({ [`of \u0000\udfff`]: words, [`of __proto__`]: 'x' });
      },
      async ({ memory }) => [await memory.conversation.get(), await memory.customer.get()],
    );
    expect(seen[1]).toEqual([{ words }, { 'of \u0000\udfff': words, 'of __proto__': 'x' }]);
  });
});

describe('over 16 KB', () => {
  const EXACT = 16 * 1024 - '{"words":""}'.length;

  it('set() throws a RangeError that says which, how much and what to do; the rest is kept', async () => {
    const seen = await talk(
      async ({ memory }) => {
        await memory.conversation.set({ words: 'x'.repeat(EXACT) });
        return await memory.conversation.set({ count: 1 }).catch(String);
      },
      async ({ memory }) => (await memory.conversation.get()).words?.length,
      async ({ memory }) => await memory.conversation.set({ count: 1 }).catch(String),
    );
    const message =
      'RangeError: The memory of the conversation would be 16394 bytes of JSON, and 16384 are the most: forget keys';
    expect(seen).toEqual([
      expect.stringContaining(message),
      EXACT,
      expect.stringContaining(message),
    ]);
  });

  it('counts bytes, not characters', async () => {
    const [said] = await talk(({ memory }) =>
      memory.customer.set({ words: '€'.repeat(EXACT / 3 + 1) }).catch(String),
    );
    expect(said).toContain('The memory of the customer would be');
  });

  it('what makes it smaller is allowed', async () => {
    const seen = await talk(
      ({ memory }) => memory.customer.set({ seen: 1 }),
      async ({ memory }) => {
        const value = JSON.stringify({ words: 'x'.repeat(EXACT + 100), seen: 1 });
        await chat.shop.database.kysely.updateTable('customer_memory').set({ value }).execute();
        return await memory.customer.set({ seen: undefined });
      },
      async ({ memory }) => Object.keys(await memory.customer.get()),
    );
    expect(seen[2]).toEqual(['words']);
  });
});

describe('what JSON has no word for', () => {
  it('is refused with its key', async () => {
    const [said] = await talk(({ memory }) => {
      const given = { words: () => {} };
      const set: (changes: object) => Promise<void> = memory.conversation.set;
      return set(given).catch(String);
    });
    expect(said).toBe('TypeError: A function cannot be remembered as “words”: JSON has none.');
  });
});

describe('with a schema', () => {
  const schema = z.object({ count: z.number().default(7), waitingFor: z.string().optional() });

  async function openWith(stored: object) {
    const seen: unknown[] = [];
    chat = await openChat({
      memory: { conversation: schema },
      async onMessage({ memory }) {
        seen.push(await memory.conversation.get());
        await memory.conversation.set(stored);
      },
    });
    await chat.say();
    const { zendesk, conversationId } = chat;
    zendesk.sendCustomerMessage({ conversationId, text: 'Again' });
    await waitUntil('both were handled', () => seen.length === 2);
    await zendesk.settled();
    return seen;
  }

  it('what was never set has its default', async () => {
    expect(await openWith({ waitingFor: 'order' })).toEqual([
      { count: 7 },
      { count: 7, waitingFor: 'order' },
    ]);
  });

  it('a stored key that no longer fits has its default, the others stay, and the log says which', async () => {
    const seen = await openWith({ count: 'a secret word', waitingFor: 'order', old: true });
    expect(seen[1]).toEqual({ count: 7, waitingFor: 'order' });
    const line = chat.shop.printed.find((printed) => printed.includes('no longer fits its schema'));
    expect(JSON.parse(line ?? '')).toMatchObject({ keys: ['count'], level: 40 });
    expect(chat.shop.printed.join('')).not.toContain('a secret word');
    // A version before or after this one may know it.
    expect(await readStored('conversation_memory')).toEqual([
      expect.objectContaining({ old: true }),
    ]);
  });

  it('a key without a default is refused at the start', () => {
    expect(() => requireDefaults({ customer: z.object({ name: z.string() }) })).toThrow(
      'The memory of a customer is empty at first, so each key needs .optional() or .default(): name.',
    );
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
