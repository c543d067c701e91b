import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../../support/store/engines.ts';
import { createGate } from '../../support/gate.ts';
import { waitUntil } from '../../support/wait-until.ts';
import {
  HOUR_MS,
  openAlarmChat,
  type AlarmChat,
  type AnyOnMessage,
} from './support/open-alarm-chat.ts';

describe.each(engines)('a wake on %s', (engine) => {
  let chat: AlarmChat;
  afterEach(() => chat.shop.close());

  const inAnHour: AnyOnMessage = async ({ message, wakeAt }) => {
    const about = message.type === 'text' ? message.text : '';
    await wakeAt(chat.clock.now() + HOUR_MS, { about });
  };

  it('comes once, when its time has come and no sooner, with what it was given', async () => {
    chat = await openAlarmChat(engine, inAnHour);
    await chat.say('tea');
    chat.clock.advance(HOUR_MS - 1);
    await chat.shop.restart();
    expect(await chat.listWakes()).toMatchObject([{ data: '{"about":"tea"}' }]);
    chat.clock.advance(1);
    expect(await chat.listWoken(1)).toMatchObject([{ state: 'done', note: 'Woken: 1 reply' }]);
    expect(chat.replies()).toEqual(['{"about":"tea"}']);
    expect(await chat.listWakes()).toEqual([]);
  });

  it('comes after a restart during which its time passed', async () => {
    chat = await openAlarmChat(engine, inAnHour);
    await chat.say('tea');
    chat.clock.advance(2 * HOUR_MS);
    await chat.shop.restart();
    await chat.listWoken(1);
    expect(chat.replies()).toEqual(['{"about":"tea"}']);
  });

  it('is left by the attempt that goes well, and by none that fails', async () => {
    let attempts = 0;
    chat = await openAlarmChat(engine, async ({ wakeAt, event }) => {
      attempts = event.attempt;
      await wakeAt(0, { attempt: attempts });
      if (attempts === 1) throw new Error('The first attempt fails.');
    });
    chat.write('Hello?');
    await waitUntil('the first attempt failed', async () => {
      const events = await chat.shop.database.kysely.selectFrom('events').selectAll().execute();
      return events.some(({ note }) => note === 'The first attempt fails.');
    });
    expect(await chat.listWakes()).toEqual([]);
    chat.clock.advance(HOUR_MS);
    await chat.listWoken(1);
    expect(chat.replies()).toEqual(['{"attempt":2}']);
  });

  it('may set the next one, and comes at once when its time is past', async () => {
    const setOne: AnyOnMessage = async ({ wakeAt }) => void (await wakeAt(new Date(0), 3));
    chat = await openAlarmChat(engine, setOne, {
      async onWake({ data, reply, wakeAt }) {
        await reply(JSON.stringify(data));
        if (typeof data === 'number' && data > 1) await wakeAt(0, data - 1);
      },
    });
    await chat.say();
    await chat.listWoken(3);
    expect(chat.replies()).toEqual(['3', '2', '1']);
  });

  it('waits for what was said before it, and those that are due together keep their order', async () => {
    const gate = createGate();
    let entered = 0;
    chat = await openAlarmChat(engine, async ({ message, wakeAt, reply }) => {
      entered += 1;
      if (message.type === 'text' && message.text === 'first')
        for (const about of ['a', 'b', 'c']) await wakeAt(chat.clock.now() + HOUR_MS, about);
      else {
        await gate.pass();
        await reply('Now.');
      }
    });
    await chat.say('first');
    chat.write('second');
    await waitUntil('the second message is dealt with', () => entered === 2);
    chat.clock.advance(HOUR_MS);
    await waitUntil('they wait in the inbox', async () => (await chat.listWakes()).length === 0);
    expect(chat.replies()).toEqual([]);
    gate.open();
    await chat.listWoken(3);
    expect(chat.replies()).toEqual(['Now.', '"a"', '"b"', '"c"']);
  });

  it('takes the place of another one of the same key, and is cancelled by its key', async () => {
    chat = await openAlarmChat(engine, async ({ message, wakeAt, cancelWake }) => {
      const text = message.type === 'text' ? message.text : '';
      if (text === 'never mind') return cancelWake('tea');
      if (text === 'something odd') return cancelWake('tea\0');
      await wakeAt(chat.clock.now() + HOUR_MS, text, { key: 'tea' });
    });
    await chat.say('milk');
    chat.write('lemon');
    await waitUntil('it was replaced', async () =>
      (await chat.listWakes()).some(({ data }) => data === '"lemon"'),
    );
    expect(await chat.listWakes()).toHaveLength(1);
    chat.clock.advance(HOUR_MS);
    await chat.listWoken(1);
    expect(chat.replies()).toEqual(['"lemon"']);

    chat.write('sugar');
    await waitUntil('it was set again', async () => (await chat.listWakes()).length === 1);
    expect(await chat.say('something odd')).toMatchObject({ state: 'done' });
    expect(await chat.listWakes()).toHaveLength(1);
    chat.write('never mind');
    await waitUntil('it was cancelled', async () => (await chat.listWakes()).length === 0);
    chat.clock.advance(HOUR_MS);
    await chat.shop.restart();
    expect(chat.replies()).toEqual(['"lemon"']);
  });

  it('is cancelled also when it waits already behind the message that cancels it', async () => {
    const gate = createGate();
    let entered = 0;
    chat = await openAlarmChat(engine, async ({ wakeAt, cancelWake }) => {
      if (++entered === 1) {
        await wakeAt(chat.clock.now() + HOUR_MS, 'tea', { key: 'tea' });
        await wakeAt(chat.clock.now() + HOUR_MS, 'cake', { key: 'tea and cake' });
        return;
      }
      await gate.pass();
      await cancelWake('tea');
    });
    await chat.say();
    chat.write('never mind');
    await waitUntil('the second message is dealt with', () => entered === 2);
    chat.clock.advance(HOUR_MS);
    await waitUntil('they wait in the inbox', async () => (await chat.listWakes()).length === 0);
    gate.open();
    expect(await chat.listWoken(2)).toMatchObject([
      { state: 'ignored', note: 'Cancelled by the bot.', payload: null, attempts: 0 },
      { state: 'done' },
    ]);
    expect(chat.replies()).toEqual(['"cake"']);
  });

  it('is left alone, with the reason, while an agent is in control', async () => {
    let woken = 0;
    chat = await openAlarmChat(engine, inAnHour, {
      onWake: async () => void (woken += 1),
    });
    await chat.say('tea');
    chat.zendesk.takeOver(chat.conversationId);
    chat.clock.advance(HOUR_MS);
    expect(await chat.listWoken(1)).toMatchObject([
      {
        state: 'ignored',
        note: 'Not this bot but the Agent Workspace is in control.',
        payload: null,
      },
    ]);
    expect(woken).toBe(0);
  });

  it('comes once, however many instances there are', async () => {
    chat = await openAlarmChat(engine, async ({ wakeAt }) => {
      for (let number = 0; number < 10; number++) await wakeAt(chat.clock.now() + HOUR_MS, number);
    });
    if (engine === 'postgres')
      for (let count = 0; count < 3; count++) await chat.shop.addInstance();
    await chat.say();
    chat.clock.advance(HOUR_MS);
    await chat.listWoken(10);
    await chat.zendesk.settled();
    expect(chat.replies()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });
});
