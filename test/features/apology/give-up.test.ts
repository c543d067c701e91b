import { afterEach, describe, expect, it } from 'vitest';
import type { GivenUp, OnMessage } from '../../../server/runtime/types.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { CLIENT_ID, type ShopOptions } from '../../support/start-shop.ts';
import { waitUntil } from '../../support/wait-until.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const SORRY = 'I am sorry, something went wrong here. A colleague will go on with you.';
const withBug: OnMessage = async () => {
  throw new TypeError('order is not a function');
};
const note = 'Given up after the same error twice: order is not a function';

const activeNow = () =>
  chat.zendesk.conversation(chat.conversationId).activeSwitchboardIntegration?.integrationType;
const lines = async () => chat.shop.notes.latest(chat.installationId, 20).map(({ text }) => text);

/** A message as it is stored, with so many attempts behind it. */
async function wait(attempts: number) {
  const { installationId: id, conversationId } = chat;
  const message = chat.zendesk.buildMessageEvent({ conversationId, text: 'Hello?' });
  const event = await insertEvent(chat.shop.database, {
    installation_id: id,
    conversation_key: `${id}/${conversationId}`,
    payload: JSON.stringify(message),
    received_at: Date.now(),
    attempts,
  });
  return waitUntil('it was given up', () =>
    chat.shop.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('seq', '=', event.seq)
      .where('state', '=', 'failed')
      .executeTakeFirst(),
  );
}

describe('an event that is given up', () => {
  it('is told to the customer, who is handed over; it stays failed, and says why', async () => {
    chat = await openChat({ onMessage: withBug });
    expect(await chat.say()).toMatchObject({ state: 'failed', attempts: 2, note });
    expect(chat.replies()).toEqual([SORRY]);
    expect(activeNow()).toBe('zd:agentWorkspace');
    const text = `conversation:message failed: ${note} onGiveUp: 1 reply, handed over`;
    expect(await lines()).toContain(text);
    const { conversations } = chat.shop.stores;
    const known = await conversations.find(chat.installationId, chat.conversationId);
    expect(known?.handed_off_at).toEqual(expect.any(Number));
  });

  it('goes to onGiveUp of a bot that has one, with what failed and all tools', async () => {
    const seen: GivenUp[] = [];
    chat = await openChat({
      onMessage: withBug,
      async onGiveUp({ handler, reason, reply, event, conversation }) {
        seen.push({ handler, reason });
        await reply(`In ${conversation.id}, attempt ${event.attempt}: please write again later.`);
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'failed', note });
    expect(seen).toEqual([{ handler: 'onMessage', reason: note }]);
    expect(chat.replies()).toEqual([
      `In ${chat.conversationId}, attempt 2: please write again later.`,
    ]);
    expect(activeNow()).toBe(CLIENT_ID);
  });

  it('is told once, also when it is replayed and fails again', async () => {
    chat = await openChat({ onMessage: withBug, onGiveUp: ({ reply }) => reply('Sorry.') });
    const { event_id } = await chat.say();
    const { kysely } = chat.shop.database;
    const replay = { state: 'waiting', attempts_allowed: 10, settled_at: null } as const;
    await kysely.updateTable('events').set(replay).where('event_id', '=', event_id).execute();
    await waitUntil('it failed again', () =>
      kysely
        .selectFrom('events')
        .selectAll()
        .where('event_id', '=', event_id)
        .where('state', '=', 'failed')
        .where('attempts', '=', 4)
        .executeTakeFirst(),
    );
    expect(chat.replies()).toEqual(['Sorry.']);
  });

  it('keeps nothing else that comes with it from being said, under numbers of their own', async () => {
    chat = await openChat({
      async onMessage({ reply }) {
        await reply('One moment.');
        throw new TypeError('order is not a function');
      },
    });
    const { event_id: id } = await chat.say();
    expect(chat.replies()).toEqual(['One moment.', SORRY]);
    const keys = chat.zendesk.messages(chat.conversationId).slice(1);
    expect(keys.map(({ metadata }) => metadata?.['shopkeeperReply'])).toEqual([
      `${id}:0`,
      `${id}:given-up:0`,
    ]);
  });
});

describe('a handler that never ends', () => {
  const worker: ShopOptions['worker'] = { handlerMs: 200 };

  it('is given up after its time, at the last attempt', async () => {
    chat = await openChat({ onMessage: () => new Promise(() => {}) }, { worker });
    expect(await wait(7)).toMatchObject({
      attempts: 8,
      note: 'Given up after 8 attempts: The handler took longer than 0.2 s.',
    });
    expect(chat.replies()).toEqual([SORRY]);
  });

  it('or ended the process each time, is not run once more to tell so', async () => {
    const handled: string[] = [];
    chat = await openChat({
      onMessage: async () => void handled.push('onMessage'),
      onGiveUp: async ({ handler }) => void handled.push(`onGiveUp of ${handler}`),
    });
    const gone = 'Given up after 8 attempts that never ended.';
    expect(await wait(8)).toMatchObject({ note: gone });
    expect(handled).toEqual(['onGiveUp of onMessage']);
    // That did not end either.
    expect(await wait(9)).toMatchObject({ note: 'Given up after 9 attempts that never ended.' });
    expect(handled).toEqual(['onGiveUp of onMessage']);
  });
});
