import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { openChat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { echo, openBurst, WAIT, type Burst } from './support/open-burst.ts';

const isTriedOnce = ({ state, attempts }: { state: string; attempts: number }) =>
  state === 'waiting' && attempts === 1;

describe.each(engines)('messages that follow each other closely on %s', (engine) => {
  let burst: Burst;
  afterEach(() => burst.chat.shop.close());

  it('are answered together, once the customer has paused, and settled together', async () => {
    burst = await openBurst(engine);
    await burst.say('one');
    await burst.say('two', 600);
    await burst.say('three', 600);
    burst.clock.advance(WAIT);
    const [first, second, third] = await burst.settled('done', 'done', 'done');
    await burst.isAnswered('one+two+three');
    expect(first).toMatchObject({ attempts: 1, note: '3 messages answered: 1 reply' });
    expect(second?.note).toBe(`Together with event ${first?.event_id}.`);
    expect(third?.note).toBe(second?.note);
    // Nothing was asked or looked up that a single message does not cost.
    expect(burst.chat.callsOf('ListMessages')).toEqual([]);
    const [reply] = burst.chat.callsOf('PostMessage');
    expect(reply?.body).toMatchObject({ metadata: { shopkeeperReply: `${first?.event_id}:0` } });
  });

  it('are answered one by one when they do not', async () => {
    burst = await openBurst(engine);
    await burst.say('one');
    burst.clock.advance(WAIT);
    await burst.isAnswered('one');
    await burst.say('two');
    burst.clock.advance(WAIT);
    await burst.isAnswered('one', 'two');
  });

  it('do not make a customer wait who never stops', async () => {
    burst = await openBurst(engine);
    await burst.say('0');
    for (let count = 1; count <= 5; count++) await burst.say(String(count), 900);
    expect(burst.chat.replies()).toEqual([]);
    burst.clock.advance(500);
    await burst.isAnswered('0+1+2+3+4+5');
    await burst.say('6', 400);
    burst.clock.advance(WAIT);
    await burst.isAnswered('0+1+2+3+4+5', '6');
  });

  it('are not held up by what the customer has deleted again', async () => {
    burst = await openBurst(engine);
    await burst.say('one');
    const { conversationId } = burst.chat;
    const { payload } = burst.chat.zendesk.buildMessageEvent({ conversationId, text: 'Oh no' });
    const message = Object.assign({}, Object(payload).message, { deleted: true });
    const deleted = burst.chat.tell('conversation:message', { message });
    await waitUntil('it is stored', async () => (await burst.rows()).length === 2);
    burst.clock.advance(WAIT);
    expect(await deleted).toMatchObject({ state: 'ignored' });
    await burst.isAnswered('one');
  });

  it('are answered before anything else that happened after them, without waiting on', async () => {
    burst = await openBurst(engine, {
      onPostback: ({ payload, reply }) => reply(`button ${payload}`),
    });
    await burst.say('one');
    await burst.say('two', 900);
    burst.chat.zendesk.sendPostback({ conversationId: burst.chat.conversationId, payload: 'a' });
    await waitUntil('the button is stored', async () => (await burst.rows()).length === 3);
    await burst.say('three');
    burst.clock.advance(100);
    await waitUntil('two answers are there', () => burst.chat.replies().length === 2);
    expect(burst.chat.replies()).toEqual(['one+two', 'button a']);
    burst.clock.advance(WAIT);
    await burst.isAnswered('one+two', 'button a', 'three');
  });

  it('stay the same at each attempt, whatever comes in between', async () => {
    burst = await openBurst(engine, {
      async onMessage(context) {
        await echo(context);
        const { message, event } = context;
        if (message.text === 'two' && event.attempt === 1) throw new Error('Not yet.');
      },
    });
    await burst.say('one');
    await burst.say('two', 500);
    burst.clock.advance(WAIT);
    await burst.isAnswered('one+two');
    await waitUntil('it waits again', async () => (await burst.rows()).some(isTriedOnce));
    await burst.say('three');
    burst.clock.advance(10_000);
    const [first] = await burst.settled('done', 'done', 'done');
    expect(first?.attempts).toBe(2);
    await burst.isAnswered('one+two', 'three');
  });

  it('fail together, and are replayed together with the first', async () => {
    let isMended = false;
    burst = await openBurst(engine, {
      async onMessage(context) {
        if (!isMended) throw new TypeError('order is not a function');
        await echo(context);
      },
      onGiveUp: async () => {},
    });
    await burst.say('one');
    await burst.say('two', 500);
    burst.clock.advance(WAIT);
    await waitUntil('it waits again', async () => (await burst.rows()).some(isTriedOnce));
    burst.clock.advance(10_000);
    const [first] = await burst.settled('failed', 'failed');
    isMended = true;
    await burst.chat.shop.database.kysely
      .updateTable('events')
      .set({ state: 'waiting', settled_at: null, run_at: 0 })
      .where('event_id', '=', first?.event_id ?? '')
      .execute();
    await burst.settled('done', 'done');
    await burst.isAnswered('one+two');
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
