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

  it('does not hand over twice when the answer got lost', async () => {
    chat = await openChat({ onMessage: ({ handOff }) => handOff({ reason: 'A person.' }) });
    chat.zendesk.armFault({ kind: 'dropAnswer', operation: 'PassControl' });
    expect(await chat.say()).toMatchObject({ state: 'ignored', attempts: 2 });
    expect(chat.callsOf('PassControl')).toHaveLength(1);
  });

  it('is not made when Zendesk’s answer is final', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('One.') });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 423 });
    expect(await chat.say()).toMatchObject({ state: 'failed', attempts: 1 });
    expect(chat.replies()).toEqual([]);
  });
});
