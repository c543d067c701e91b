import { afterEach, describe, expect, it } from 'vitest';
import { endedByCustomer, openChat, type Chat } from '../support/open-chat.ts';
import { waitUntil } from '../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const find = () => chat.shop.stores.conversations.find(chat.installationId, chat.conversationId);
const activeNow = () =>
  chat.zendesk.conversation(chat.conversationId).activeSwitchboardIntegration?.integrationType;

describe('a customer who ends the conversation', () => {
  it.each([
    ['business', { type: 'business', subtypes: ['activity'] }],
    ['user', { type: 'user', userId: 'customer' }],
  ])(
    'is let go, and not answered, when the %s is said to have written it',
    async (_who, author) => {
      chat = await openChat({});
      const event = await chat.tell('conversation:message', endedByCustomer(author));
      expect(event).toMatchObject({ state: 'done', note: 'The customer ended the conversation.' });
      expect(activeNow()).toBeUndefined();
      expect(chat.replies()).toEqual([]);
      expect(await find()).toMatchObject({ controller: 'nobody' });
    },
  );

  it('in the widget is let go, and begins anew with what he writes next', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Hello again.') });
    const { conversationId, zendesk } = chat;
    zendesk.endSession(conversationId);
    await waitUntil('he was let go', () => activeNow() === undefined);
    await zendesk.settled();
    expect(chat.callsOf('PostMessage')).toEqual([]);
    zendesk.sendCustomerMessage({ conversationId, text: 'One more question.' });
    await waitUntil('he is answered', () => chat.replies().at(-1) === 'Hello again.');
    expect(chat.callsOf('PostMessage')).toHaveLength(1);
  });

  it('who came back meanwhile is not thrown out', async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Welcome back.') });
    const before = {
      ...endedByCustomer(),
      conversation: chat.zendesk.conversation(chat.conversationId),
    };
    await chat.say('Me again.');
    before.message.received = '2026-01-01T00:00:00.000Z';
    expect(await chat.tell('conversation:message', before)).toMatchObject({
      state: 'done',
      note: 'The customer ended the conversation, and has come back since.',
    });
    expect(activeNow()).toBe('shopkeeper-test');
    expect(chat.callsOf('ReleaseControl')).toEqual([]);
  });

  it('is let go once, although the answer to that was lost', async () => {
    chat = await openChat({});
    chat.zendesk.armFault({ kind: 'dropAnswer', operation: 'ReleaseControl' });
    const event = await chat.tell('conversation:message', endedByCustomer());
    expect(event).toMatchObject({ state: 'done', attempts: 2 });
    expect(activeNow()).toBeUndefined();
  });

  it('is the people’s affair while they are in control', async () => {
    chat = await openChat({});
    chat.zendesk.takeOver(chat.conversationId);
    expect(await chat.tell('conversation:message', endedByCustomer())).toMatchObject({
      state: 'ignored',
    });
    expect(activeNow()).toBe('zd:agentWorkspace');
  });

  it('is not let go again where Zendesk has done so itself', async () => {
    chat = await openChat({});
    chat.zendesk.setActive(chat.conversationId, null);
    expect(await chat.tell('conversation:message', endedByCustomer())).toMatchObject({
      state: 'done',
    });
    expect(chat.callsOf('ReleaseControl')).toEqual([]);
  });

  it.each([
    ['another activity', { activity: { type: 'ticket:closed' } }],
    ['the subtype alone', { author: { type: 'user', userId: 'x', subtypes: ['activity'] } }],
  ])('is told from what the system says else: %s', async (_name, more) => {
    chat = await openChat({ onMessage: ({ reply }) => reply('I answer the system.') });
    const { message } = endedByCustomer({ type: 'user', userId: 'x' });
    const { activity: _, ...text } = message;
    const event = await chat.tell('conversation:message', { message: { ...text, ...more } });
    expect(event).toMatchObject({ state: 'ignored', note: 'Written by the system.' });
    expect(chat.replies()).toEqual([]);
    expect(activeNow()).toBe('shopkeeper-test');
  });
});
