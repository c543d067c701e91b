import { afterEach, describe, expect, it } from 'vitest';
import type { Turn } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const spell = (turns: readonly Turn[]) => turns.map(({ role, by, text }) => [role, by, text]);

describe('history()', () => {
  it('can be read by whoever is told that the conversation is over, or given up', async () => {
    const seen: Turn[][] = [];
    chat = await openChat({
      onMessage: () => Promise.reject(new TypeError('a bug')),
      onGiveUp: async ({ history }) => void seen.push(await history()),
      onEnded: async ({ history }) => void seen.push(await history()),
    });
    expect(await chat.say('One')).toMatchObject({ state: 'failed' });
    chat.zendesk.endSession(chat.conversationId);
    await waitUntil('the end was told', () => seen.length === 2);
    expect(seen.map((turns) => spell(turns))).toEqual([
      [['user', 'customer', 'One']],
      [['user', 'customer', 'One']],
    ]);
  });
});
