import { afterEach, describe, expect, it } from 'vitest';
import { openChat, type Chat } from '../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const find = () => chat.shop.stores.conversations.find(chat.installationId, chat.conversationId);
const activeNow = () =>
  chat.zendesk.conversation(chat.conversationId).activeSwitchboardIntegration?.integrationType;

describe('end()', () => {
  it('leaves nobody in control, after what was said before it', async () => {
    chat = await openChat({
      async onMessage({ reply, end }) {
        await reply('Goodbye.');
        await end();
      },
    });
    const note = 'Message answered: 1 reply, ended';
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 1, note });
    expect(chat.replies()).toEqual(['Goodbye.']);
    expect(activeNow()).toBeUndefined();
    expect(chat.callsOf('ReleaseControl')).toHaveLength(1);
    expect(await find()).toMatchObject({ controller: 'nobody' });
  });

  it('lets nothing be done afterwards', async () => {
    const errors: unknown[] = [];
    const keep = (error: unknown) => void errors.push(error);
    chat = await openChat({
      async onMessage({ reply, handOff, end }) {
        await end();
        await reply('One more thing').catch(keep);
        await handOff({ reason: 'Again.' }).catch(keep);
        await end().catch(keep);
      },
    });
    await chat.say();
    expect(errors.map(String)).toEqual(Array(3).fill(expect.stringContaining('after end()')));
    expect(chat.replies()).toEqual([]);
    expect(chat.callsOf('PassControl')).toEqual([]);
  });

  it('does not end what an agent has taken over', async () => {
    chat = await openChat({
      async onMessage({ end }) {
        chat.zendesk.takeOver(chat.conversationId);
        await end();
      },
    });
    const note = 'Control went to the Agent Workspace before the answer was sent.';
    expect(await chat.say()).toMatchObject({ state: 'ignored', note });
    expect(activeNow()).toBe('zd:agentWorkspace');
  });

  it('is tried again when Zendesk has no answer', async () => {
    chat = await openChat({ onMessage: ({ end }) => end() });
    chat.zendesk.armFault({ kind: 'answer', operation: 'ReleaseControl', status: 503 });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(activeNow()).toBeUndefined();
  });

  it('does not believe what is said in the same minute of who is in control', async () => {
    chat = await openChat({
      async onMessage({ message, reply, end }) {
        if (message.type === 'text' && message.text === 'bye') await end();
        else await reply('Still here.');
      },
    });
    const { activeSwitchboardIntegration: us } = chat.zendesk.conversation(chat.conversationId);
    await chat.say('bye');
    const { conversationId: id } = chat;
    const { payload } = chat.zendesk.buildMessageEvent({ conversationId: id, text: 'wait' });
    const conversation = { id, activeSwitchboardIntegration: us };
    const late = Object.assign({}, payload, { conversation });
    expect(await chat.tell('conversation:message', late)).toMatchObject({
      state: 'ignored',
      note: 'Control went to nobody before the answer was sent.',
    });
    expect(chat.replies()).toEqual([]);
  });
});
