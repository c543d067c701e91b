import { afterEach, describe, expect, it } from 'vitest';
import type { Feature, FeatureParts } from '../../../server/features/feature.ts';
import { features } from '../../../server/features.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const isAbout = (words: string, occasion: object) => JSON.stringify(occasion).includes(words);
const named = (name: string, parts: FeatureParts): Feature => ({ name, open: () => parts });

async function open(...parts: FeatureParts[]): Promise<void> {
  const more = parts.map((part, index) => named(`more-${index}`, part));
  chat = await openChat(
    { onMessage: ({ message, reply }) => reply(message.text) },
    { features: [...features, ...more], worker: { pollMs: 20 } },
  );
}

/** Puts other words in place of what the customer wrote. */
const replace = (words: string, by: string): FeatureParts => ({
  async prepare(occasion) {
    const { parsed } = occasion;
    if (parsed.type !== 'conversation:message') return occasion;
    const { message } = parsed.payload;
    const text = String(Object(message.content).text).replace(words, by);
    const content = { ...message.content, text };
    return {
      ...occasion,
      parsed: { ...parsed, payload: { ...parsed.payload, message: { ...message, content } } },
    };
  },
});

describe('what a feature does before the bot is asked', () => {
  it('changes what is answered, one feature after the other', async () => {
    await open(replace('Hallo', 'Hello'), replace('Hello', 'Hello there'));
    expect(await chat.say('Hallo!')).toMatchObject({ state: 'done' });
    expect(chat.replies()).toEqual(['Hello there!']);
  });

  it('settles the event in place of the bot, and no other feature is asked', async () => {
    const asked: string[] = [];
    await open(
      {
        prepare: async (occasion) =>
          isAbout('spam', occasion.parsed)
            ? { event: occasion.event, state: 'ignored', note: 'It is spam.' }
            : occasion,
      },
      {
        async prepare(occasion) {
          if (occasion.event.type === 'conversation:message') asked.push(occasion.event.event_id);
          return occasion;
        },
      },
    );
    expect(await chat.say('spam')).toMatchObject({ state: 'ignored', note: 'It is spam.' });
    expect(asked).toEqual([]);
    expect(await chat.say('Hello?')).toMatchObject({ state: 'done' });
    expect(chat.replies()).toEqual(['Hello?']);
    expect(asked).toHaveLength(1);
  });

  it('is tried again when it fails, as the bot is', async () => {
    await open({
      async prepare(occasion) {
        const { event, parsed } = occasion;
        if (isAbout('Hello?', parsed) && event.attempts === 1) throw new Error('Not now.');
        return occasion;
      },
    });
    expect(await chat.say('Hello?')).toMatchObject({ state: 'done', attempts: 2 });
  });
});

describe('a delay that a feature asks for', () => {
  it('is waited for before the event is handled, with what others ask for', async () => {
    await open(
      { delay: ({ type }) => (type === 'conversation:message' ? 100 : 0) },
      { delay: () => 50 },
    );
    const event = await chat.say('Hello?');
    expect(event.run_at - event.received_at).toBe(150);
    expect(event.settled_at ?? 0).toBeGreaterThanOrEqual(event.run_at);
    expect(event.attempts).toBe(1);
  });
});

describe('what a feature makes of a failure', () => {
  it('is what becomes of the event; of what no feature judges the core does', async () => {
    const failing = { attempts: 0 };
    await open(
      {
        async prepare(occasion) {
          if (!isAbout('Hello?', occasion.parsed)) return occasion;
          failing.attempts += 1;
          if (failing.attempts < 3) throw new Error(failing.attempts === 1 ? 'Busy.' : 'Lost.');
          return occasion;
        },
      },
      {
        judge: (event, error) =>
          String(error).includes('Busy.')
            ? { event, state: 'waiting', note: 'Later.', runAt: 0, isUncounted: true }
            : undefined,
      },
    );
    expect(await chat.say('Hello?')).toMatchObject({
      state: 'done',
      attempts: 3,
      attempts_allowed: 9,
    });
  });
});
