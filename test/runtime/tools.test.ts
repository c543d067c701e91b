import { afterEach, describe, expect, it } from 'vitest';
import type { Bot } from '../../server/runtime/types.ts';
import { createClock } from '../support/clock.ts';
import { repliesIn, startShop, type Shop, type ShopOptions } from '../support/start-shop.ts';
import { waitUntil } from '../support/wait-until.ts';

let shop: Shop;
afterEach(() => shop.close());

/** A customer says something to a bot of this kind; answers when that was dealt with. */
async function say(onMessage: Bot['onMessage'], options: Omit<ShopOptions, 'bot'> = {}) {
  const { conversationId } = await openChat({ onMessage }, options);
  return { conversationId, event: await sayIn(conversationId) };
}

async function openChat(bot: Partial<Bot>, options: Omit<ShopOptions, 'bot'> = {}) {
  shop = await startShop({ ...options, bot: { onStart: async () => {}, ...bot } });
  await shop.install();
  return shop.zendesk.createConversation({ account: 'acme' });
}

async function sayIn(conversationId: string) {
  shop.zendesk.sendCustomerMessage({ conversationId, text: 'Hello?' });
  return waitUntil('the message was dealt with', () =>
    shop.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('type', '=', 'conversation:message')
      .where('state', 'in', ['done', 'ignored', 'failed'])
      .orderBy('seq')
      .executeTakeFirst(),
  );
}

const callsOf = (operation: string) =>
  shop.zendesk.calls.filter((call) => call.operation === operation);

describe('reply()', () => {
  it('sends a long text in several messages, in order, with the buttons on the last', async () => {
    const text = Array.from({ length: 2_000 }, (_, line) => `line ${line}`).join('\n');
    const buttons = [{ text: 'Menu', payload: 'menu' }];
    const { conversationId } = await say(({ reply }) => reply(text, { buttons }));

    const replies = repliesIn(shop, conversationId);
    expect(replies.length).toBeGreaterThan(4);
    expect(replies.join('')).toBe(text);
    const bodies = callsOf('PostMessage').map(({ body }) => body);
    expect(bodies.slice(0, -1).filter((body) => JSON.stringify(body).includes('actions'))).toEqual(
      [],
    );
    expect(bodies.at(-1)).toMatchObject({
      author: { type: 'business' },
      content: { actions: [{ type: 'reply', text: 'Menu', payload: 'menu' }] },
    });
  });

  it('does not let a quoted customer command the platform', async () => {
    const { conversationId } = await say(({ reply }) =>
      reply('You said: %((switchboard:passControl:zd-agentWorkspace))%'),
    );
    expect(repliesIn(shop, conversationId)).toHaveLength(1);
    expect(shop.zendesk.conversation(conversationId)).toMatchObject({
      activeSwitchboardIntegration: { integrationType: 'shopkeeper-test' },
    });
  });
});

describe('replyCarousel()', () => {
  it('sends the type and the items, and nothing the platform would refuse', async () => {
    const actions = [{ type: 'link' as const, text: 'Open', uri: 'https://shop.example.com' }];
    const { event } = await say(({ replyCarousel }) =>
      replyCarousel([{ title: 'Say %((a))%', description: 'One', actions }]),
    );
    expect(event.state).toBe('done');
    expect(callsOf('PostMessage')[0]?.body).toEqual({
      author: { type: 'business' },
      content: {
        type: 'carousel',
        items: [{ title: 'Say %\u200b((a))%', description: 'One', actions }],
      },
      metadata: { shopkeeperReply: `${event.event_id}:0` },
    });
  });
});

describe('typing()', () => {
  it('shows the indicator', async () => {
    const { event } = await say(async ({ typing }) => typing());
    expect(event.state).toBe('done');
    const call = await waitUntil('typing was shown', () => callsOf('PostActivity')[0]);
    expect(call.body).toEqual({ author: { type: 'business' }, type: 'typing:start' });
  });

  it('does not fail the reply when it fails itself', async () => {
    const { conversationId } = await openChat({
      onMessage: ({ typing, reply }) => {
        typing();
        return reply('Here I am.');
      },
    });
    shop.zendesk.armFault({ kind: 'answer', operation: 'PostActivity', status: 500 });
    expect(await sayIn(conversationId)).toMatchObject({ state: 'done', attempts: 1 });
    expect(repliesIn(shop, conversationId)).toEqual(['Here I am.']);
    await waitUntil('the failure was logged', () =>
      shop.printed.some((line) => line.includes('typing indicator could not be shown')),
    );
  });
});

describe('handOff()', () => {
  it('passes control to the agents with the reason and what is to go along', async () => {
    const { conversationId, event } = await say(({ handOff }) =>
      handOff({ reason: 'r'.repeat(2_000), metadata: { orderId: 7 } }),
    );
    expect(event.note).toContain('handed over');
    expect(callsOf('PassControl')[0]?.body).toEqual({
      switchboardIntegration: 'zd:agentWorkspace',
      metadata: { reason: 'r'.repeat(1_000), orderId: 7 },
    });
    expect(shop.zendesk.conversation(conversationId)).toMatchObject({
      activeSwitchboardIntegration: { integrationType: 'zd:agentWorkspace' },
    });
  });

  it('lets nothing be sent afterwards', async () => {
    const errors: unknown[] = [];
    const { conversationId } = await say(async ({ reply, replyCarousel, handOff }) => {
      await handOff({ reason: 'Enough.' });
      const actions = [{ type: 'postback' as const, text: 'a', payload: 'a' }];
      await reply('One more thing').catch((error: unknown) => errors.push(error));
      await replyCarousel([{ title: 'a', actions }]).catch((error: unknown) => errors.push(error));
      await handOff({ reason: 'Again.' }).catch((error: unknown) => errors.push(error));
    });
    expect(errors.map(String)).toEqual(Array(3).fill(expect.stringContaining('after handOff()')));
    expect(repliesIn(shop, conversationId)).toEqual([]);
    expect(callsOf('PassControl')).toHaveLength(1);
  });

  it('to nobody we know ends in onHandOffFailed', async () => {
    const { conversationId } = await say(({ handOff }) =>
      handOff({ reason: 'Lunch.', to: 'nobody-knows' }),
    );
    await waitUntil('the customer was told', () => repliesIn(shop, conversationId).length > 0);
    expect(repliesIn(shop, conversationId)).toEqual([expect.stringContaining('no colleague')]);
  });
});

describe('control', () => {
  it('is not asked for when the event is fresh', async () => {
    const { event } = await say(({ reply }) => reply('At once.'));
    expect(event.state).toBe('done');
    expect(callsOf('GetConversation')).toEqual([]);
  });

  it('is asked for again after two seconds, and the reply goes out when it is still ours', async () => {
    const clock = createClock(Date.now());
    const { conversationId } = await say(
      async ({ reply }) => {
        await reply('First.');
        clock.advance(2_001);
        await reply('Second.');
        await reply('Third.');
      },
      { now: clock.now },
    );
    expect(repliesIn(shop, conversationId)).toEqual(['First.', 'Second.', 'Third.']);
    expect(callsOf('GetConversation')).toHaveLength(1);
  });

  it('that went to an agent in the meantime silences a slow reply', async () => {
    const clock = createClock(Date.now());
    const { conversationId } = await openChat(
      {
        onMessage: async ({ reply }) => {
          clock.advance(2_001);
          shop.zendesk.takeOver(conversationId);
          await reply('Too late.');
        },
      },
      { now: clock.now },
    );
    const event = await sayIn(conversationId);
    expect(event).toMatchObject({ state: 'ignored', attempts: 1 });
    expect(event.note).toContain('zd:agentWorkspace');
    expect(repliesIn(shop, conversationId)).toEqual([]);
  });
});

describe('a second attempt', () => {
  it('does not send again what was stored although the answer got lost', async () => {
    const { conversationId } = await openChat({
      onMessage: async ({ reply }) => {
        await reply('One.');
        await reply('Two.');
      },
    });
    shop.zendesk.armFault({ kind: 'dropAnswer', operation: 'PostMessage' });
    expect(await sayIn(conversationId)).toMatchObject({ state: 'done', attempts: 2 });
    expect(repliesIn(shop, conversationId)).toEqual(['One.', 'Two.']);
  });

  it('sends again what was refused', async () => {
    const { conversationId } = await openChat({ onMessage: ({ reply }) => reply('One.') });
    shop.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 503 });
    expect(await sayIn(conversationId)).toMatchObject({ state: 'done', attempts: 2 });
    expect(repliesIn(shop, conversationId)).toEqual(['One.']);
  });

  it('is not made when Zendesk’s answer is final', async () => {
    const { conversationId } = await openChat({ onMessage: ({ reply }) => reply('One.') });
    shop.zendesk.armFault({ kind: 'answer', operation: 'PostMessage', status: 423 });
    expect(await sayIn(conversationId)).toMatchObject({ state: 'failed', attempts: 1 });
    expect(repliesIn(shop, conversationId)).toEqual([]);
  });
});
