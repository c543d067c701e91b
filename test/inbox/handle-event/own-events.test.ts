import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Core } from '../../../server/core.ts';
import type { Feature } from '../../../server/features/feature.ts';
import { features } from '../../../server/features.ts';
import { answerInControl, ownEvent } from '../../../server/features/shared/own-events.ts';
import type { OnMessage } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { engines } from '../../support/store/engines.ts';
import { createGate } from '../../support/gate.ts';
import { waitUntil } from '../../support/wait-until.ts';

const TYPE = 'shopkeeper:made-up';
const Payload = z.object({ data: z.object({ say: z.string() }) });

/** A feature that says what its events tell it to, and notes that when the event is settled. */
function madeUp(beforeItEnds: () => void = () => {}) {
  let core: Core | undefined;
  const feature: Feature = {
    name: 'made-up',
    eventTypes: {
      [TYPE]: {
        title: 'The feature said something',
        answer: (visit, payload) =>
          answerInControl(visit, async ({ reply }) => {
            await reply(Payload.parse(payload).data.say);
            beforeItEnds();
            return 'Said it';
          }),
      },
    },
    open(opened) {
      core = opened;
      return {
        tools: ({ onSettle, event }) => {
          onSettle(async (transaction) => {
            if (event.type !== TYPE) return;
            const text = `Settled ${event.event_id}.`;
            await transaction
              .insertInto('app_state')
              .values({ name: `${TYPE} ${event.event_id}`, value: text })
              .execute();
          });
          return {};
        },
      };
    },
  };
  const say = async (chat: Chat, id: string, text: string) => {
    const event = ownEvent(chat.installationId, {
      id: `shopkeeper:${id}`,
      type: TYPE,
      conversation: { id: chat.conversationId },
      user: { id: chat.userId },
      data: { say: text },
    });
    await core?.events.insert([event]);
    core?.wake();
  };
  return { feature, say };
}

let chat: Chat;
afterEach(() => chat.shop.close());

const eventOf = (id: string) =>
  waitUntil('the event was dealt with', () =>
    chat.shop.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('event_id', '=', `shopkeeper:${id}`)
      .where('state', 'in', ['done', 'ignored', 'failed'])
      .executeTakeFirst(),
  );
async function settledNotes(): Promise<string[]> {
  const { kysely } = chat.shop.database;
  const notes = kysely.selectFrom('app_state').select('value').where('name', 'like', `${TYPE} %`);
  return (await notes.execute()).map(({ value }) => value);
}

describe.each(engines)('an event of a feature’s own on %s', (engine) => {
  it('is answered in its conversation, once for each id', async () => {
    const { feature, say } = madeUp();
    chat = await openChat({}, { engine, features: [...features, feature] });
    for (let n = 0; n < 3; n++) await say(chat, 'one', 'Your parcel has shipped.');
    expect(await eventOf('one')).toMatchObject({ state: 'done', note: 'Said it: 1 reply' });
    expect(chat.replies()).toEqual(['Your parcel has shipped.']);
    expect(await settledNotes()).toEqual(['Settled shopkeeper:one.']);
  });

  it('says nothing twice, and writes nothing of an attempt that failed', async () => {
    let attempts = 0;
    const { feature, say } = madeUp(() => {
      if (++attempts === 1) throw new Error('Not yet.');
    });
    chat = await openChat({}, { engine, features: [...features, feature] });
    await say(chat, 'one', 'Your parcel has shipped.');
    expect(await eventOf('one')).toMatchObject({ state: 'done', attempts: 2 });
    expect(chat.replies()).toEqual(['Your parcel has shipped.']);
    expect(await settledNotes()).toEqual(['Settled shopkeeper:one.']);
  });
});

describe('an event of a feature’s own', () => {
  it('waits for its turn behind the message before it', async () => {
    const gate = createGate();
    const onMessage = vi.fn<OnMessage>(async ({ reply }) => {
      await gate.pass();
      await reply('First.');
    });
    const { feature, say } = madeUp();
    chat = await openChat({ onMessage }, { features: [...features, feature] });
    const said = chat.say();
    await gate.entered;
    await say(chat, 'one', 'Second.');
    gate.open();
    await said;
    await eventOf('one');
    expect(chat.replies()).toEqual(['First.', 'Second.']);
  });

  it('is left alone while somebody else is in control, and writes nothing', async () => {
    const { feature, say } = madeUp();
    chat = await openChat({}, { features: [...features, feature] });
    chat.zendesk.takeOver(chat.conversationId);
    await say(chat, 'one', 'Your parcel has shipped.');
    expect(await eventOf('one')).toMatchObject({
      state: 'ignored',
      note: expect.stringContaining('the Agent Workspace'),
    });
    expect(chat.replies()).toEqual([]);
    expect(await settledNotes()).toEqual([]);
  });

  it('is left alone once its feature was deleted', async () => {
    const { feature, say } = madeUp();
    const open = (core: Core) => {
      feature.open?.(core);
      return {};
    };
    const { name } = feature;
    chat = await openChat({}, { features: [...features, { name, open }] });
    await say(chat, 'one', 'Hi.');
    expect(await eventOf('one')).toMatchObject({
      state: 'ignored',
      note: expect.stringContaining('deleted'),
    });
  });
});
