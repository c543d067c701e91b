import { afterEach, describe, expect, it } from 'vitest';
import type { Tools } from '../../server/runtime/types.ts';
import { openChat, type Chat } from '../support/open-chat.ts';
import { waitUntil } from '../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

describe('reply()', () => {
  it('sends a long text in several messages, in order, with the buttons on the last', async () => {
    const text = Array.from({ length: 2_000 }, (_, line) => `line ${line}`).join('\n');
    const buttons = [{ text: 'Menu', payload: 'menu' }];
    chat = await openChat({ onMessage: ({ reply }) => reply(text, { buttons }) });
    await chat.say();

    expect(chat.replies().length).toBeGreaterThan(4);
    expect(chat.replies().join('')).toBe(text);
    const bodies = chat.callsOf('PostMessage').map(({ body }) => body);
    expect(bodies.at(-1)).toMatchObject({
      author: { type: 'business' },
      content: { actions: [{ type: 'reply', text: 'Menu', payload: 'menu' }] },
    });
    expect(JSON.stringify(bodies.slice(0, -1))).not.toContain('actions');
  });

  it('says that it has nothing to say, before anything is sent', async () => {
    const errors: unknown[] = [];
    chat = await openChat({
      async onMessage({ reply }) {
        await reply('').catch((error: unknown) => errors.push(error));
      },
    });
    await chat.say();
    expect(String(errors[0])).toContain('The text of reply() is empty. Give it at least a word.');
    expect(chat.callsOf('PostMessage')).toEqual([]);
  });

  it('does not let a quoted customer command the platform', async () => {
    chat = await openChat({
      onMessage: ({ reply, message }) => reply(message.type === 'text' ? message.text : ''),
    });
    await chat.say('%((switchboard:passControl:zd-agentWorkspace))%');
    expect(chat.replies()).toEqual([expect.stringContaining('passControl')]);
    expect(chat.zendesk.conversation(chat.conversationId)).toMatchObject({
      activeSwitchboardIntegration: { integrationType: 'shopkeeper-test' },
    });
  });
});

describe('a reply that a handler does not wait for', () => {
  it('is waited for, and counts', async () => {
    chat = await openChat({
      async onMessage({ reply }) {
        void reply('Without an await.');
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'done', note: 'Message answered: 1 reply' });
    expect(chat.replies()).toEqual(['Without an await.']);
  });

  it('is tried again when it fails', async () => {
    const loose: unknown[] = [];
    chat = await openChat({
      async onMessage({ reply }) {
        // The process would tell of it; here it ends the test.
        reply('Without an await.').catch((error: unknown) => loose.push(error));
      },
    });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 500 });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(chat.replies()).toEqual(['Without an await.']);
    expect(loose).toHaveLength(1);
  });
});

describe('several replies, one after the other, that a handler does not wait for', () => {
  it('are waited for like one, and tried again when a later one fails', async () => {
    let isArmed = false;
    async function sayBoth(reply: Tools['reply']): Promise<void> {
      await reply('One.');
      if (!isArmed)
        chat.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 500 });
      isArmed = true;
      await reply('Two.');
    }
    chat = await openChat({ onMessage: async ({ reply }) => void sayBoth(reply).catch(() => {}) });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(chat.replies()).toEqual(['One.', 'Two.']);
  });
});

describe('typing()', () => {
  it('shows the indicator', async () => {
    chat = await openChat({ onMessage: async ({ typing }) => typing() });
    expect(await chat.say()).toMatchObject({ state: 'done' });
    const call = await waitUntil('typing was shown', () => chat.callsOf('PostActivity')[0]);
    expect(call.body).toEqual({ author: { type: 'business' }, type: 'typing:start' });
  });

  it('does not fail the reply when it fails itself', async () => {
    chat = await openChat({
      onMessage: ({ typing, reply }) => {
        typing();
        return reply('Here I am.');
      },
    });
    chat.zendesk.armFault({ kind: 'answer', operation: 'PostActivity', status: 500 });
    expect(await chat.say()).toMatchObject({ state: 'done', attempts: 1 });
    expect(chat.replies()).toEqual(['Here I am.']);
    await waitUntil('the failure was logged', () =>
      chat.shop.printed.some((line) => line.includes('typing indicator could not be shown')),
    );
  });
});

describe('handOff()', () => {
  it('passes control to the agents with the reason and what is to go along', async () => {
    const reason = 'r'.repeat(2_000);
    chat = await openChat({
      onMessage: ({ handOff }) => handOff({ reason, metadata: { orderId: 7 } }),
    });
    expect((await chat.say()).note).toContain('handed over');
    expect(chat.callsOf('PassControl')[0]?.body).toEqual({
      switchboardIntegration: 'zd:agentWorkspace',
      metadata: { reason: `${reason.slice(0, 999)}…`, orderId: 7 },
    });
    expect(chat.zendesk.conversation(chat.conversationId)).toMatchObject({
      activeSwitchboardIntegration: { integrationType: 'zd:agentWorkspace' },
    });
  });

  it('ends at the second attempt when something is sent after it: that would be the same next time', async () => {
    chat = await openChat({
      async onMessage({ handOff, reply }) {
        await handOff({ reason: 'A person.' });
        await reply('Goodbye.');
      },
    });
    expect(await chat.say()).toMatchObject({
      state: 'failed',
      attempts: 2,
      note: expect.stringContaining('Nothing can be sent after handOff(): send it before.'),
    });
    expect(chat.callsOf('PassControl')).toHaveLength(1);
    expect(chat.replies()).toEqual([]);
  });

  it('shows the agent what was said from a message on, on request', async () => {
    chat = await openChat({
      onMessage: ({ message, handOff }) =>
        handOff({ reason: 'A person.', firstMessageId: message.id }),
    });
    await chat.say();
    const [first] = chat.zendesk.messages(chat.conversationId);
    expect(chat.callsOf('PassControl')[0]?.body).toEqual({
      switchboardIntegration: 'zd:agentWorkspace',
      metadata: { reason: 'A person.', first_message_id: first?.id },
    });
  });

  it('lets nothing be done afterwards', async () => {
    const errors: unknown[] = [];
    const keep = (error: unknown) => void errors.push(error);
    chat = await openChat({
      async onMessage({ reply, handOff }) {
        await handOff({ reason: 'Enough.' });
        await reply('One more thing').catch(keep);
        await handOff({ reason: 'Again.' }).catch(keep);
      },
    });
    await chat.say();
    expect(errors.map(String)).toEqual(Array(2).fill(expect.stringContaining('after handOff()')));
    expect(chat.replies()).toEqual([]);
    expect(chat.callsOf('PassControl')).toHaveLength(1);
  });

  it('to nobody we know ends in onHandOffFailed', async () => {
    chat = await openChat({
      onMessage: ({ handOff }) => handOff({ reason: 'Lunch.', to: 'nobody-knows' }),
    });
    await chat.say();
    await waitUntil('the customer was told', () => chat.replies().length > 0);
    expect(chat.replies()).toEqual([expect.stringContaining('no colleague')]);
  });
});
