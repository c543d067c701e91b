import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRecordedCalls } from '../../../../test/support/openapi/check.ts';
import { startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

const business = { type: 'business' };
const link = { type: 'link', text: 'Look', uri: 'https://shop.example' };
const reply = { type: 'reply', text: 'Yes', payload: 'YES' };
const card = { title: 'Tent', actions: [link] };

describe('messages', () => {
  let world: World;
  let conversationId: string;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld({ messageLimit: 260 });
    bot = world.installListening();
    ({ conversationId } = world.control.createConversation({ account: 'acme' }));
  });

  afterEach(() => world.close());

  function post(body: Record<string, unknown>) {
    return bot.call('POST', `/conversations/${conversationId}/messages`, body);
  }

  function list(query = '') {
    return bot.call('GET', `/conversations/${conversationId}/messages${query}`);
  }

  it.each([
    ['text', { type: 'text', text: 'Hello' }],
    ['text with reply buttons', { type: 'text', text: 'Sure?', actions: [reply] }],
    [
      'text with a postback',
      { type: 'text', text: 'Go', actions: [{ ...reply, type: 'postback' }] },
    ],
    ['a carousel', { type: 'carousel', items: [card] }],
    ['a list', { type: 'list', items: [card] }],
    ['an image', { type: 'image', mediaUrl: 'https://shop.example/tent.png', altText: 'Tent' }],
    ['a place', { type: 'location', coordinates: { lat: 1, long: 2 } }],
  ])('stores and announces %s', async (_case, content) => {
    const posted = await post({ author: business, content, metadata: { key: 'value' } });
    expect(posted.status).toBe(201);
    const [message] = posted.body.messages ?? [];
    expect(message).toMatchObject({ content, source: { type: 'api:conversations' } });
    expect((await list()).body.messages).toEqual([message]);
    checkRecordedCalls(world.control.calls);
    const events = await world.events();
    expect(events.at(-1)).toMatchObject({
      type: 'conversation:message',
      payload: { message: { id: message?.id, author: business, metadata: { key: 'value' } } },
    });
  });

  it('posts for a user who exists, and only for one', async () => {
    const content = { type: 'text', text: 'From outside' };
    const unknown = await post({ author: { type: 'user', userExternalId: 'nobody' }, content });
    expect(unknown.body.errors?.[0]?.code).toBe('user_not_found');
    await bot.call('POST', '/users', { externalId: 'somebody' });
    const posted = await post({ author: { type: 'user', userExternalId: 'somebody' }, content });
    expect(posted.body.messages?.[0]).toMatchObject({ author: { type: 'user' } });
  });

  it('answers the newest hundred first and walks back by cursor', async () => {
    const texts = Array.from({ length: 250 }, (_, n) => `message ${n}`);
    for (const text of texts) world.control.sendCustomerMessage({ conversationId, text });
    const seen: (string | undefined)[] = [];
    let query: string | undefined = '';
    while (query !== undefined) {
      const { body } = await list(query);
      seen.unshift(...(body.messages ?? []).map(({ content }) => content.text));
      query = body.meta?.hasMore ? `?page[before]=${body.meta?.beforeCursor}` : undefined;
    }
    expect(seen).toEqual(texts);
    const { body } = await list();
    expect(body.messages).toHaveLength(100);
    const previous = body.links?.prev ?? '';
    const path = previous.slice(world.url.length);
    const { body: page } = await world.request(bot.token, 'GET', path);
    expect(page.messages?.map(({ content }) => content.text)).toEqual(texts.slice(50, 150));
    checkRecordedCalls(world.control.calls);
  });

  it.each(['?page[before]=short', `?page[before]=${'0'.repeat(24)}`])(
    'refuses the cursor in %s',
    async (query) => {
      expect((await list(query)).status).toBe(400);
    },
  );

  it('locks a conversation that is full', async () => {
    for (let n = 0; n < 260; n += 1) {
      world.control.sendCustomerMessage({ conversationId, text: `message ${n}` });
    }
    const refused = await post({ author: business, content: { type: 'text', text: 'one more' } });
    expect(refused.status).toBe(423);
    expect(refused.body.errors?.[0]).toEqual({
      code: 'locked',
      title: 'Message limit of 260 per conversation reached.',
    });
  });

  it('accepts activity of the business, and of a user only conversation:read', async () => {
    const path = `/conversations/${conversationId}/activity`;
    const typing = await bot.call('POST', path, { author: business, type: 'typing:start' });
    expect(typing).toMatchObject({ status: 200, body: {} });
    const asUser = await bot.call('POST', path, { author: { type: 'user' }, type: 'typing:start' });
    expect(asUser.status).toBe(400);
    await bot.call('POST', path, { author: business, type: 'conversation:read' });
    expect(world.control.conversation(conversationId)).toHaveProperty('businessLastRead');
    checkRecordedCalls(world.control.calls);
  });
});
