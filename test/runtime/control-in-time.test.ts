import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../support/clock.ts';
import { openChat, type Chat } from '../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

describe('a reply', () => {
  it('to a fresh event does not ask again who is in control', async () => {
    const clock = createClock(Date.now());
    const onMessage = ({ reply }: { reply: (text: string) => Promise<void> }) => {
      clock.advance(1_900);
      return reply('At once.');
    };
    chat = await openChat({ onMessage }, { now: clock.now });
    expect(await chat.say()).toMatchObject({ state: 'done' });
    expect(chat.callsOf('GetConversation')).toEqual([]);
  });

  it('asks after two seconds, and is sent when we still are', async () => {
    const clock = createClock(Date.now());
    chat = await openChat(
      {
        async onMessage({ reply }) {
          await reply('First.');
          clock.advance(2_001);
          await reply('Second.');
          await reply('Third.');
        },
      },
      { now: clock.now },
    );
    await chat.say();
    expect(chat.replies()).toEqual(['First.', 'Second.', 'Third.']);
    expect(chat.callsOf('GetConversation')).toHaveLength(1);
  });

  it('is not sent when an agent took over while the bot was thinking', async () => {
    const clock = createClock(Date.now());
    chat = await openChat(
      {
        async onMessage({ reply }) {
          clock.advance(2_001);
          chat.zendesk.takeOver(chat.conversationId);
          await reply('Too late.');
        },
      },
      { now: clock.now },
    );
    const event = await chat.say();
    expect(event).toMatchObject({ state: 'ignored', attempts: 1 });
    expect(event.note).toContain('the Agent Workspace');
    expect(chat.replies()).toEqual([]);
  });
});

describe('a hand-off', () => {
  it('is not made when an agent took over while the bot was thinking', async () => {
    const clock = createClock(Date.now());
    chat = await openChat(
      {
        async onMessage({ handOff }) {
          clock.advance(2_001);
          chat.zendesk.setActive(chat.conversationId, null);
          await handOff({ reason: 'Late.' });
        },
      },
      { now: clock.now },
    );
    expect((await chat.say()).note).toContain('nobody');
    expect(chat.callsOf('PassControl')).toEqual([]);
  });
});
