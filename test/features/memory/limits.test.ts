import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { requireDefaults } from '../../../server/features/memory/open-memory.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { readStored, talk } from './support/talk.ts';

let chat: Chat | undefined;
afterEach(async () => {
  await chat?.shop.close();
  chat = undefined;
});

/** What each step returned. */
async function say(...steps: Parameters<typeof talk>): Promise<unknown[]> {
  const talked = await talk(...steps);
  chat = talked.chat;
  return talked.seen;
}

describe('over 16 KB', () => {
  const EXACT = 16 * 1024 - '{"words":""}'.length;

  it('set() throws a RangeError that says which, how much and what to do; the rest is kept', async () => {
    const seen = await say(
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
    const [said] = await say(({ memory }) =>
      memory.customer.set({ words: '€'.repeat(EXACT / 3 + 1) }).catch(String),
    );
    expect(said).toContain('The memory of the customer would be');
  });

  it('what makes it smaller is allowed', async () => {
    const seen = await say(
      ({ memory }) => memory.customer.set({ seen: 1 }),
      async ({ memory }, { shop }) => {
        const value = JSON.stringify({ words: 'x'.repeat(EXACT + 100), seen: 1 });
        await shop.database.kysely.updateTable('customer_memory').set({ value }).execute();
        return await memory.customer.set({ seen: undefined });
      },
      async ({ memory }) => Object.keys(await memory.customer.get()),
    );
    expect(seen[2]).toEqual(['words']);
  });
});

describe('what JSON has no word for', () => {
  it('is refused with its key', async () => {
    const [said] = await say(({ memory }) => {
      const given = { words: () => {} };
      const set: (changes: object) => Promise<void> = memory.conversation.set;
      return set(given).catch(String);
    });
    expect(said).toBe('TypeError: A function cannot be remembered as “words”: JSON has none.');
  });
});

describe('with a schema', () => {
  const schema = z.object({ count: z.number().default(7), waitingFor: z.string().optional() });

  /** What the handler of a second message gets, after the first one has set that. */
  async function readAgain(stored: object) {
    const seen: unknown[] = [];
    const opened = await openChat({
      memory: { conversation: schema },
      async onMessage({ memory }) {
        seen.push(await memory.conversation.get());
        await memory.conversation.set(stored);
      },
    });
    chat = opened;
    await opened.say();
    const { zendesk, conversationId } = opened;
    zendesk.sendCustomerMessage({ conversationId, text: 'Again' });
    await waitUntil('both were handled', () => seen.length === 2);
    return { opened, seen };
  }

  it('what was never set has its default', async () => {
    const { seen } = await readAgain({ waitingFor: 'order' });
    expect(seen).toEqual([{ count: 7 }, { count: 7, waitingFor: 'order' }]);
  });

  it('a stored key that no longer fits has its default, the others stay, and the log says which', async () => {
    const stored = { count: 'a secret word', waitingFor: 'order', old: true };
    const { opened, seen } = await readAgain(stored);
    expect(seen[1]).toEqual({ count: 7, waitingFor: 'order' });
    const { printed } = opened.shop;
    const line = printed.find((one) => one.includes('no longer fits its schema'));
    expect(JSON.parse(line ?? '')).toMatchObject({ keys: ['count'], level: 40 });
    expect(printed.join('')).not.toContain('a secret word');
    // A version before or after this one may know it.
    expect(await readStored(opened, 'conversation_memory')).toEqual([
      expect.objectContaining({ old: true }),
    ]);
  });

  it('a key without a default is refused at the start', () => {
    expect(() => requireDefaults({ customer: z.object({ name: z.string() }) })).toThrow(
      'The memory of a customer is empty at first, so each key needs .optional() or .default(): name.',
    );
  });
});
