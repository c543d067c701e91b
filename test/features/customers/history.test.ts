import { afterEach, describe, expect, it } from 'vitest';
import type { Turn } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const spell = (turns: readonly Turn[]) => turns.map(({ role, by, text }) => [role, by, text]);

describe('history()', () => {
  it('tells what was said up to the message, by whom, oldest first', async () => {
    const seen: Turn[][] = [];
    chat = await openChat({
      async onMessage({ history, reply, message }) {
        seen.push(await history());
        await reply(message.type === 'text' ? `About “${message.text}”.` : '');
      },
    });
    const { zendesk, conversationId } = chat;
    await chat.say('One');
    zendesk.takeOver(conversationId);
    zendesk.agentReply({ conversationId, text: 'A colleague here.' });
    zendesk.solve(conversationId);
    await chat.say('Two');
    expect(spell(seen[1] ?? [])).toEqual([
      ['user', 'customer', 'One'],
      ['assistant', 'bot', 'About “One”.'],
      ['assistant', 'agent', 'A colleague here.'],
      ['user', 'customer', 'Two'],
    ]);
    expect(seen[1]?.every(({ at }) => Math.abs(at.getTime() - Date.now()) < 60_000)).toBe(true);
  });

  it('is the same at a second attempt, which an earlier one has answered in part', async () => {
    const seen: Turn[][] = [];
    chat = await openChat({
      async onMessage({ history, reply, event }) {
        seen.push(await history());
        await reply('One.');
        if (event.attempt === 1) throw new Error('Not yet.');
      },
    });
    expect(await chat.say('Hello?')).toMatchObject({ state: 'done', attempts: 2 });
    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
    expect(spell(seen[0] ?? [])).toEqual([['user', 'customer', 'Hello?']]);
  });

  it('does not know yet what the customer wrote after the message', async () => {
    const seen: Turn[][] = [];
    chat = await openChat({
      async onMessage({ history }) {
        if (seen.length === 0)
          chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text: 'Two' });
        seen.push(await history());
      },
    });
    await chat.say('One');
    expect(spell(seen[0] ?? [])).toEqual([['user', 'customer', 'One']]);
  });

  it('reads as many pages as it needs, and no more', async () => {
    const lengths: number[] = [];
    chat = await openChat({
      async onMessage({ history }) {
        for (const limit of [1, 90, 150]) lengths.push((await history({ limit })).length);
      },
    });
    const { zendesk, conversationId } = chat;
    zendesk.takeOver(conversationId);
    for (let n = 0; n < 160; n++) zendesk.agentReply({ conversationId, text: `${n}` });
    zendesk.solve(conversationId);
    await chat.say();
    expect(lengths).toEqual([1, 90, 150]);
    expect(chat.callsOf('ListMessages')).toHaveLength(1 + 1 + 2);
  });

  it('has a picture’s caption, or its name', async () => {
    const tent = { name: 'tent.png', mediaType: 'image/png', bytes: Buffer.from('a tent') };
    const seen: Turn[][] = [];
    chat = await openChat({ onMessage: async ({ history }) => void seen.push(await history()) });
    await chat.sendFile({ ...tent, caption: 'Is this it?' });
    await chat.sendFile(tent);
    expect(seen[1]?.map(({ text }) => text)).toEqual(['Is this it?', 'tent.png']);
  });

  it.each([0, -1, 2.5, 1_001, NaN])('refuses a limit of %s', async (limit) => {
    let problem: unknown;
    chat = await openChat({
      onMessage: async ({ history }) => {
        problem = await history({ limit }).catch((error: unknown) => error);
      },
    });
    await chat.say();
    expect(problem).toBeInstanceOf(RangeError);
    expect(chat.callsOf('ListMessages')).toEqual([]);
  });
});
