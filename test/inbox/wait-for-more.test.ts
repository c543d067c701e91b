import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IncomingMessage, OnMessage } from '../../server/runtime/types.ts';
import { createClock, type Clock } from '../support/clock.ts';
import { engines } from '../support/engines.ts';
import { openChat, type Chat } from '../support/open-chat.ts';
import { waitUntil } from '../support/wait-until.ts';

const WAIT = 1_000;
const words = (message: IncomingMessage) => (message.type === 'text' ? message.text : message.type);
const echo: OnMessage = ({ message, earlier, reply }) =>
  reply([...earlier, message].map(words).join('+'));

const isTriedOnce = ({ state, attempts }: { state: string; attempts: number }) =>
  state === 'waiting' && attempts === 1;

describe.each(engines)('messages that follow each other closely on %s', (engine) => {
  let chat: Chat;
  let clock: Clock;
  beforeEach(() => void (clock = createClock()));
  afterEach(() => chat.shop.close());

  const open = async (bot: Parameters<typeof openChat>[0] = {}) => {
    chat = await openChat(
      { waitForMore: WAIT, onMessage: echo, ...bot },
      { engine, now: clock.now },
    );
  };
  const rows = () =>
    chat.shop.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('type', 'in', ['conversation:message', 'conversation:postback'])
      .where('note', 'is distinct from', 'Written by the business side.')
      .orderBy('seq')
      .execute();
  const say = async (text: string, pauseMs = 0) => {
    clock.advance(pauseMs);
    const before = (await rows()).length;
    chat.zendesk.sendCustomerMessage({ conversationId: chat.conversationId, text });
    await waitUntil(`“${text}” is stored`, async () => (await rows()).length > before);
  };
  const settled = (states: readonly string[]) =>
    waitUntil(`they are ${states.join()}`, async () => {
      const found = await rows();
      return found.map(({ state }) => state).join() === states.join() && found;
    });
  const isAnswered = (...replies: string[]) =>
    waitUntil(`there is ${replies.at(-1)}`, () => chat.replies().length === replies.length).then(
      () => expect(chat.replies()).toEqual(replies),
    );

  it('are answered together, once the customer has paused, and settled together', async () => {
    await open();
    await say('one');
    await say('two', 600);
    await say('three', 600);
    clock.advance(WAIT);
    const [first, second, third] = (await settled(['done', 'done', 'done'])) || [];
    await isAnswered('one+two+three');
    expect(first).toMatchObject({ attempts: 1, note: '3 messages answered: 1 reply' });
    expect(second?.note).toBe(`Together with event ${first?.event_id}.`);
    expect(third?.note).toBe(second?.note);
    // Nothing was asked or looked up that a single message does not cost.
    expect(chat.callsOf('ListMessages')).toEqual([]);
    const [reply] = chat.callsOf('PostMessage');
    expect(reply?.body).toMatchObject({ metadata: { shopkeeperReply: `${first?.event_id}:0` } });
  });

  it('are answered one by one when they do not', async () => {
    await open();
    await say('one');
    clock.advance(WAIT);
    await isAnswered('one');
    await say('two');
    clock.advance(WAIT);
    await isAnswered('one', 'two');
  });

  it('do not make a customer wait who never stops', async () => {
    await open();
    await say('0');
    for (let count = 1; count <= 5; count++) await say(String(count), 900);
    expect(chat.replies()).toEqual([]);
    clock.advance(500);
    await isAnswered('0+1+2+3+4+5');
    await say('6', 400);
    clock.advance(WAIT);
    await isAnswered('0+1+2+3+4+5', '6');
  });

  it('are answered before anything else that happened after them, without waiting on', async () => {
    await open({ onPostback: ({ payload, reply }) => reply(`button ${payload}`) });
    await say('one');
    await say('two', 900);
    chat.zendesk.sendPostback({ conversationId: chat.conversationId, payload: 'a' });
    await waitUntil('the button is stored', async () => (await rows()).length === 3);
    await say('three');
    clock.advance(100);
    await waitUntil('two answers are there', () => chat.replies().length === 2);
    expect(chat.replies()).toEqual(['one+two', 'button a']);
    clock.advance(WAIT);
    await isAnswered('one+two', 'button a', 'three');
  });

  it('stay the same at each attempt, whatever comes in between', async () => {
    await open({
      async onMessage(context) {
        await echo(context);
        if (context.message.type === 'text' && context.event.attempt === 1)
          if (context.message.text === 'two') throw new Error('Not yet.');
      },
    });
    await say('one');
    await say('two', 500);
    clock.advance(WAIT);
    await isAnswered('one+two');
    await waitUntil('it waits again', async () => (await rows()).some(isTriedOnce));
    await say('three');
    clock.advance(10_000);
    const [first] = (await settled(['done', 'done', 'done'])) || [];
    expect(first?.attempts).toBe(2);
    await isAnswered('one+two', 'three');
  });

  it('fail together, and are replayed together with the first', async () => {
    let isMended = false;
    await open({
      async onMessage(context) {
        if (!isMended) throw new TypeError('order is not a function');
        await echo(context);
      },
      onGiveUp: async () => {},
    });
    await say('one');
    await say('two', 500);
    clock.advance(WAIT);
    await waitUntil('it waits again', async () => (await rows()).some(isTriedOnce));
    clock.advance(10_000);
    const [first] = (await settled(['failed', 'failed'])) || [];
    isMended = true;
    await chat.shop.database.kysely
      .updateTable('events')
      .set({ state: 'waiting', settled_at: null, run_at: 0 })
      .where('event_id', '=', first?.event_id ?? '')
      .execute();
    await settled(['done', 'done']);
    await isAnswered('one+two');
  });

  it('are forgotten together when their conversation is removed before they are answered', async () => {
    await open({ onMessage: () => new Promise(() => {}) });
    await say('a secret');
    await say('another secret', 500);
    clock.advance(WAIT);
    await waitUntil('they are joined', async () => (await rows())[1]?.joined_to !== null);
    await chat.tell('conversation:remove');
    const left = (await settled(['ignored', 'ignored'])) || [];
    for (const row of left) {
      expect(row).toMatchObject({ payload: null, joined_to: null });
      expect(row.conversation_key).toBe(`${chat.installationId}/${row.event_id}`);
    }
  });

  it('are answered once although their conversation is merged into another one meanwhile', async () => {
    let finish = () => {};
    const held = new Promise<void>((resolve) => void (finish = resolve));
    await open({
      async onMessage(context) {
        await held;
        await echo(context);
      },
    });
    const other = chat.zendesk.createConversation({ account: 'acme' });
    await say('one');
    await say('two', 500);
    clock.advance(WAIT);
    await waitUntil('they are joined', async () => (await rows())[1]?.joined_to !== null);
    await chat.tell('user:merge', {
      mergedUsers: { surviving: { id: other.userId }, discarded: { id: 'discarded' } },
      mergedConversations: {
        surviving: { id: other.conversationId },
        discarded: { id: chat.conversationId },
      },
    });
    const lane = `${chat.installationId}/${other.conversationId}`;
    expect((await rows())[1]?.conversation_key).toBe(lane);
    finish();
    await settled(['done', 'done']);
    await isAnswered('one+two');
  });
});

it('without waitForMore each message is answered by itself, at once', async () => {
  const chat = await openChat({ onMessage: echo });
  try {
    const { conversationId, zendesk } = chat;
    for (const text of ['one', 'two']) zendesk.sendCustomerMessage({ conversationId, text });
    await waitUntil('both are answered', () => chat.replies().length === 2);
    expect(chat.replies()).toEqual(['one', 'two']);
  } finally {
    await chat.shop.close();
  }
});
