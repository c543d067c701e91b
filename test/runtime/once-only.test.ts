import { afterEach, describe, expect, it } from 'vitest';
import { openChat, type Chat } from '../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

describe('a second attempt', () => {
  it('does not send again what was stored although the answer got lost', async () => {
    chat = await openChat({
      async onMessage({ reply }) {
        await reply('One.');
        await reply('Two.');
      },
    });
    chat.zendesk.armFault({ kind: 'dropAnswer', operation: 'PostMessage' });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(chat.replies()).toEqual(['One.', 'Two.']);
  });

  it('sends again what was refused', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('One.') });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 503 });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(chat.replies()).toEqual(['One.']);
  });

  it('does not hand over twice when the answer got lost, and is none the less done', async () => {
    chat = await openChat({
      async onMessage({ reply, handOff }) {
        await reply('One moment.');
        await handOff({ reason: 'A person.' });
      },
    });
    chat.zendesk.armFault({ kind: 'dropAnswer', operation: 'PassControl' });
    const note = 'Message answered: 1 reply, handed over';
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2, note });
    expect(chat.replies()).toEqual(['One moment.']);
    expect(chat.callsOf('PassControl')).toHaveLength(1);
  });

  it('leaves a conversation alone that went to somebody else than it was handed to', async () => {
    chat = await openChat({
      async onMessage({ event, handOff }) {
        if (event.attempt === 2) chat.zendesk.takeOver(chat.conversationId);
        await handOff({ reason: 'Another bot.', to: 'zd-answerBot' });
      },
    });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PassControl', status: 503 });
    expect(await chat.say()).toMatchObject({ state: 'ignored', attempts: 2 });
    expect(chat.callsOf('PassControl')).toHaveLength(1);
  });

  it('does not end twice when the answer got lost, and is none the less done', async () => {
    chat = await openChat({
      async onMessage({ reply, end }) {
        await reply('Goodbye.');
        await end();
      },
    });
    chat.zendesk.armFault({ kind: 'dropAnswer', operation: 'ReleaseControl' });
    const note = 'Message answered: 1 reply, ended';
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2, note });
    expect(chat.replies()).toEqual(['Goodbye.']);
  });

  it('is not made when Zendesk’s answer is final', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('One.') });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 423 });
    expect(await chat.say()).toMatchObject({ state: 'failed', attempts: 1 });
    expect(chat.replies()).not.toContain('One.');
  });
});
