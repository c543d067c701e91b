import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

const business = { type: 'business' };
const link = { type: 'link', text: 'Look', uri: 'https://shop.example' };
const withOptions = (value: unknown) => ({
  ...link,
  extraChannelOptions: { messenger: { messenger_extensions: value, webview_share_button: 'hide' } },
});
const reply = { type: 'reply', text: 'Yes', payload: 'YES' };
const request = { type: 'locationRequest', text: 'Where are you?' };
const card = { title: 'Tent', actions: [link] };

describe('posting a message', () => {
  let world: World;
  let conversationId: string;
  let bot: ReturnType<World['install']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.install();
    ({ conversationId } = world.control.createConversation({ account: 'acme' }));
  });

  afterEach(() => world.close());

  function post(body: Record<string, unknown>) {
    return bot.call('POST', `/conversations/${conversationId}/messages`, body);
  }

  it.each<[string, Record<string, unknown>]>([
    ['no author', { content: { type: 'text', text: 'x' } }],
    ['no content', { author: business }],
    [
      'text longer than 4096 characters',
      { author: business, content: { type: 'text', text: 'x'.repeat(4097) } },
    ],
    ['neither text nor actions', { author: business, content: { type: 'text' } }],
    ['an unknown property', { author: business, content: { type: 'text', text: 'x' }, id: 'x' }],
    [
      'an unknown property inside',
      { author: business, content: { type: 'text', text: 'x', role: 'y' } },
    ],
    [
      'a name longer than 100 characters',
      {
        author: { ...business, displayName: 'x'.repeat(101) },
        content: { type: 'text', text: 'x' },
      },
    ],
    [
      'nested metadata',
      { author: business, content: { type: 'text', text: 'x' }, metadata: { a: { b: 1 } } },
    ],
    [
      'metadata larger than 4 KB',
      { author: business, content: { type: 'text', text: 'x' }, metadata: { a: 'x'.repeat(4096) } },
    ],
    [
      'a reply button without payload',
      {
        author: business,
        content: { type: 'text', text: 'x', actions: [{ type: 'reply', text: 'y' }] },
      },
    ],
    [
      'a reply button beside one of another type',
      { author: business, content: { type: 'text', text: 'x', actions: [reply, link] } },
    ],
    [
      'a request for a place beside a button',
      { author: business, content: { type: 'text', text: 'x', actions: [link, request] } },
    ],
    [
      'an option of a channel of the wrong type',
      { author: business, content: { type: 'text', text: 'x', actions: [withOptions(null)] } },
    ],
    [
      'a carousel with text',
      { author: business, content: { type: 'carousel', text: 'x', items: [card] } },
    ],
    ['a carousel without cards', { author: business, content: { type: 'carousel', items: [] } }],
    [
      'eleven cards',
      {
        author: business,
        content: { type: 'carousel', items: Array.from({ length: 11 }, () => card) },
      },
    ],
    [
      'a card without action',
      { author: business, content: { type: 'carousel', items: [{ title: 'x', actions: [] }] } },
    ],
    [
      'four actions on a card',
      {
        author: business,
        content: { type: 'carousel', items: [{ title: 'x', actions: [link, link, link, link] }] },
      },
    ],
    [
      'a long card title',
      {
        author: business,
        content: { type: 'carousel', items: [{ title: 'x'.repeat(129), actions: [link] }] },
      },
    ],
    [
      'a reply button on a card',
      {
        author: business,
        content: { type: 'carousel', items: [{ title: 'x', actions: [reply] }] },
      },
    ],
  ])('is refused with %s', async (_case, body) => {
    const refused = await post(body);
    expect(refused.status).toBe(400);
    expect(refused.body.errors?.[0]?.code).toBe('bad_request');
    expect(world.control.messages(conversationId)).toEqual([]);
  });

  it('names the place and the limit when text is too long', async () => {
    const refused = await post({
      author: business,
      content: { type: 'text', text: 'x'.repeat(4097) },
    });
    expect(refused.body.errors?.[0]?.title).toBe(
      '.content.text: should not be longer than 4096 characters',
    );
  });

  it('takes everything up to the documented limits', async () => {
    const title = 'x'.repeat(128);
    const items = Array.from({ length: 10 }, () => ({ title, actions: [link, link, link] }));
    const author = { ...business, displayName: 'x'.repeat(100) };
    const texts = { type: 'text', text: 'x'.repeat(4096), actions: [withOptions(true)] };
    const asked = { type: 'text', text: 'x', actions: [reply, request] };
    expect((await post({ author, content: texts })).status).toBe(201);
    expect((await post({ author, content: asked })).status).toBe(201);
    expect((await post({ author, content: { type: 'carousel', items } })).status).toBe(201);
  });
});
