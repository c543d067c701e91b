import { afterEach, describe, expect, it } from 'vitest';
import { endedByCustomer, openChat, type Chat } from '../../support/open-chat.ts';

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
      const seen: string[] = [];
      chat = await openChat({ onEnded: async ({ by }) => void seen.push(by) });
      const event = await chat.tell('conversation:message', endedByCustomer(author));
      expect(event).toMatchObject({ state: 'done', note: 'The customer ended the conversation.' });
      expect(seen).toEqual(['customer']);
      expect(activeNow()).toBeUndefined();
      expect(chat.replies()).toEqual([]);
      expect(await find()).toMatchObject({ controller: 'nobody' });
    },
  );

  it('is let go by a bot without onEnded, too', async () => {
    chat = await openChat({});
    expect(await chat.tell('conversation:message', endedByCustomer())).toMatchObject({
      state: 'done',
    });
    expect(activeNow()).toBeUndefined();
  });

  it('gets nothing more from onEnded, which is told why', async () => {
    const errors: unknown[] = [];
    const keep = (error: unknown) => void errors.push(error);
    chat = await openChat({
      async onEnded({ reply, handOff, end }) {
        await reply('Wait!').catch(keep);
        await handOff({ reason: 'He left.' }).catch(keep);
        await end().catch(keep);
      },
    });
    expect(await chat.tell('conversation:message', endedByCustomer())).toMatchObject({
      state: 'done',
    });
    expect(errors.map(String)).toEqual(Array(3).fill(expect.stringContaining('is over')));
    expect(chat.replies()).toEqual([]);
  });

  it('is let go once, however often onEnded has to be tried', async () => {
    let count = 0;
    chat = await openChat({
      async onEnded() {
        if (++count < 3) throw new Error('Not yet.');
      },
    });
    const event = await chat.tell('conversation:message', endedByCustomer());
    expect(event).toMatchObject({ state: 'done', attempts: 3 });
    expect(activeNow()).toBeUndefined();
  });

  it('is the people’s affair while they are in control', async () => {
    const seen: string[] = [];
    chat = await openChat({ onEnded: async ({ by }) => void seen.push(by) });
    chat.zendesk.takeOver(chat.conversationId);
    expect(await chat.tell('conversation:message', endedByCustomer())).toMatchObject({
      state: 'ignored',
    });
    expect(seen).toEqual([]);
    expect(activeNow()).toBe('zd:agentWorkspace');
  });

  it('ends it where Zendesk has released it itself', async () => {
    const seen: string[] = [];
    chat = await openChat({ onEnded: async ({ by }) => void seen.push(by) });
    chat.zendesk.setActive(chat.conversationId, null);
    expect(await chat.tell('conversation:message', endedByCustomer())).toMatchObject({
      state: 'done',
    });
    expect(seen).toEqual(['customer']);
    expect(chat.callsOf('ReleaseControl')).toEqual([]);
  });
});

describe('the people who end a conversation', () => {
  it.each(['ticketClosed', 'transferToEmail'])('have onEnded told why: %s', async (reason) => {
    const seen: object[] = [];
    chat = await openChat({ onEnded: async (ending) => void seen.push(ending) });
    chat.zendesk.setActive(chat.conversationId, null);
    const event = await chat.tell('switchboard:releaseControl', { reason });
    const note = `The people ended the conversation (${reason}).`;
    expect(event).toMatchObject({ state: 'done', note });
    expect(seen).toMatchObject([{ by: 'agent', reason }]);
    expect(chat.callsOf('ReleaseControl')).toEqual([]);
  });

  it('do so as well when the bot gets control back', async () => {
    const seen: object[] = [];
    chat = await openChat({ onEnded: async (ending) => void seen.push(ending) });
    expect(await chat.tell('switchboard:passControl', { reason: 'ticketClosed' })).toMatchObject({
      state: 'done',
    });
    expect(seen).toMatchObject([{ by: 'agent', reason: 'ticketClosed' }]);
    expect(await find()).toMatchObject({ controller: 'shopkeeper-test' });
  });

  it('have not ended it when control only moves', async () => {
    const seen: object[] = [];
    chat = await openChat({ onEnded: async (ending) => void seen.push(ending) });
    for (const type of ['switchboard:releaseControl', 'switchboard:passControl'])
      expect(await chat.tell(type)).toMatchObject({ state: 'ignored' });
    expect(seen).toEqual([]);
  });
});
