import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

describe('deliveries', () => {
  let world: World;
  let conversationId: string;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening();
    ({ conversationId } = world.control.createConversation({ account: 'acme' }));
    await world.control.settled();
    world.receiver.received.length = 0;
  });

  afterEach(() => world.close());

  async function say(...texts: string[]) {
    for (const text of texts) world.control.sendCustomerMessage({ conversationId, text });
    await world.control.settled();
  }

  function textsArrived() {
    return world.receiver
      .batches()
      .flatMap(({ events }) => events)
      .map(({ type, payload }) => payload.message?.content?.text ?? type);
  }

  it('carry the secret, the app, the webhook and one event', async () => {
    await say('Hello');
    const [request] = world.receiver.received;
    expect(request?.headers['x-api-key']).toBe(bot.webhook.secret);
    expect(request?.headers['content-type']).toBe('application/json');
    expect(world.receiver.batches()).toMatchObject([
      {
        app: { id: bot.appId },
        webhook: { id: bot.webhook.id, version: 'v2' },
        events: [
          {
            type: 'conversation:message',
            payload: {
              message: { author: { type: 'user', user: { authenticated: false } } },
            },
          },
        ],
      },
    ]);
  });

  it('go only where the trigger was asked for', async () => {
    const target = `${world.receiver.url}/webhooks/2`;
    const triggers = ['user:remove'];
    world.control.addForeignWebhook({ account: 'acme', clientId: CLIENT_ID, target, triggers });
    await say('Hello');
    expect(world.receiver.received.map(({ path }) => path)).toEqual(['/webhooks/1']);
  });

  it('keep the order of a conversation', async () => {
    const texts = Array.from({ length: 30 }, (_, n) => `message ${n}`);
    await say(...texts);
    expect(textsArrived()).toEqual(texts);
  });

  it.each([500, 503, 302, 409, 413, 429])('are tried again after %i', async (status) => {
    world.receiver.script.push(status, status);
    await say('Hello');
    expect(
      world.control
        .deliveries()
        .slice(-3)
        .map((one) => one.status),
    ).toEqual([status, status, 200]);
    const ids = world.receiver.batches().map(({ events }) => events[0]?.id);
    expect(new Set(ids).size).toBe(1);
  });

  it.each([400, 401, 403, 404, 406])('are given up at once after %i', async (status) => {
    world.receiver.script.push(status);
    await say('Hello');
    expect(world.receiver.received).toHaveLength(1);
  });

  it('are given up after five attempts', async () => {
    world.receiver.script.push(503, 503, 503, 503, 503, 503);
    await say('Hello');
    expect(world.receiver.received).toHaveLength(5);
  });

  it('are tried again when nobody answers', async () => {
    const target = 'http://localhost:1/webhooks/1';
    await bot.call('PATCH', `/integrations/me/webhooks/${bot.webhook.id}`, { target });
    await say('Hello');
    const statuses = world.control.deliveries().map(({ status }) => status);
    expect(statuses.slice(-5)).toEqual([null, null, null, null, null]);
  });

  it('come twice with the same event id when that fault is armed', async () => {
    world.control.armFault({ kind: 'duplicateDelivery' });
    await say('Hello', 'again');
    expect(textsArrived()).toEqual(['Hello', 'Hello', 'again']);
    const [first, second] = world.receiver.batches();
    expect(first?.events[0]?.id).toBe(second?.events[0]?.id);
  });

  it('overtake each other when that fault is armed', async () => {
    world.control.armFault({ kind: 'reorderDeliveries' });
    await say('first', 'second', 'third');
    expect(textsArrived()[0]).toBe('second');
    expect(new Set(textsArrived())).toEqual(new Set(['first', 'second', 'third']));
    expect(textsArrived()).toHaveLength(3);
  });

  it('come two in one, and again in one, when that fault is armed', async () => {
    world.control.armFault({ kind: 'batchDeliveries' });
    world.receiver.script.push(503);
    await say('first', 'second', 'third');
    const sizes = world.receiver.batches().map(({ events }) => events.length);
    expect(sizes.toSorted((one, other) => one - other)).toEqual([1, 2, 2]);
    expect(new Set(textsArrived())).toEqual(new Set(['first', 'second', 'third']));
  });

  it('made by hand are sent at once and their status comes back', async () => {
    const events = ['one', 'two'].map((text) =>
      world.control.buildMessageEvent({ conversationId, text }),
    );
    world.receiver.script.push(503);
    const send = () => world.control.deliver({ account: 'acme', clientId: CLIENT_ID, events });
    expect(await send()).toBe(503);
    expect(await send()).toBe(200);
    expect(world.receiver.batches().at(-1)?.events).toEqual(events);
    expect(world.control.messages(conversationId)).toHaveLength(2);
  });

  it('tell the whole user and source to a webhook that asked', async () => {
    const path = `/integrations/me/webhooks/${bot.webhook.id}`;
    await bot.call('PATCH', path, { includeFullUser: true, includeFullSource: true });
    await say('Hello');
    expect(world.receiver.batches().at(-1)?.events[0]?.payload).toMatchObject({
      message: {
        author: { user: { profile: {}, identities: [] } },
        source: { client: { type: 'sdk' } },
      },
    });
  });

  it('tell of a postback, which leaves no message', async () => {
    world.control.sendPostback({ conversationId, payload: 'BUY' });
    await world.control.settled();
    expect(world.receiver.batches()[0]?.events[0]).toMatchObject({
      type: 'conversation:postback',
      payload: { postback: { payload: 'BUY' }, source: { type: 'web' } },
    });
    expect(world.control.messages(conversationId)).toEqual([]);
  });

  it('that wait for another attempt warn of nothing, however many they are', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    const slow = await startWorld({ timeScale: 0.005 });
    slow.installListening();
    const opened = slow.control.createConversation({ account: 'acme' });
    await slow.control.settled();
    slow.receiver.script.push(...Array.from({ length: 30 }, () => 500));
    for (let n = 0; n < 30; n++) slow.control.sendCustomerMessage({ ...opened, text: `${n}` });
    await slow.control.settled();
    process.off('warning', note);
    expect(slow.receiver.received.length).toBeGreaterThanOrEqual(60);
    expect(warnings).toEqual([]);
    await slow.close();
  });
});
