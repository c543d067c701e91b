import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

const business = { type: 'business' };
const link = { type: 'link', text: 'Look', uri: 'https://shop.example/tent' };
const take = { type: 'postback', text: 'Take it', payload: 'TAKE' };

describe('the content of a message', () => {
  let world: World;
  let conversationId: string;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening('acme', ['conversation:message']);
    ({ conversationId } = world.control.createConversation({ account: 'acme' }));
  });

  afterEach(() => world.close());

  const post = (content: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    bot.call('POST', `/conversations/${conversationId}/messages`, {
      author: business,
      content,
      ...more,
    });

  /** What was answered, which is what the history and the event have, too. */
  async function stored(content: Record<string, unknown>, more?: Record<string, unknown>) {
    const { body } = await post(content, more);
    const list = await bot.call('GET', `/conversations/${conversationId}/messages`);
    expect(list.body.messages?.at(-1)).toEqual(body.messages?.[0]);
    expect((await world.events()).at(-1)?.payload.message?.content).toEqual(
      body.messages?.[0]?.content,
    );
    return body.messages?.[0];
  }

  it.each([
    ['**Bold** and *soft*', '<p><strong>Bold</strong> and <em>soft</em></p>', 'Bold and soft'],
    [
      'See [tents](https://shop.example?a=1&b=2)',
      '<p>See <a href="https://shop.example?a=1&amp;b=2">tents</a></p>',
      'See tents (https://shop.example?a=1&b=2)',
    ],
    [
      '# Tents\n- one\n- two\n\n1. first\n2. second',
      '<h1>Tents</h1><ul><li>one</li><li>two</li></ul><ol><li>first</li><li>second</li></ol>',
      'Tents\n• one\n• two\n\n• first\n• second',
    ],
    ['1 < 2 & `a_b`\nnext', '<p>1 &lt; 2 &amp; <code>a_b</code><br>next</p>', '1 < 2 & a_b\nnext'],
    ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>', '[x](javascript:alert(1))'],
  ])('written as Markdown %j is HTML and plain text', async (markdownText, htmlText, text) => {
    const message = await stored({ type: 'text', markdownText });
    expect(message?.content).toEqual({ type: 'text', htmlText, text });
  });

  it('written as HTML is plain text, too, unless that was given', async () => {
    const htmlText = '<p>A <b>tent</b></p><p>for two</p>';
    expect((await stored({ type: 'text', htmlText }))?.content.text).toBe('A tent\nfor two');
    expect((await stored({ type: 'text', htmlText, text: 'Tent' }))?.content.text).toBe('Tent');
  });

  it.each([
    ['https://shop.example/100%.png', '100%.png'],
    [`https://shop.example/${'x'.repeat(127)}%F0%9F%8E%AA.png`, `${'x'.repeat(127)}🎪`],
  ])('is named after the file, whatever its address is like: %s', async (mediaUrl, altText) => {
    const message = await stored({ type: 'image', mediaUrl });
    expect(message?.content).toMatchObject({ altText });
  });

  it('that becomes too much HTML is refused', async () => {
    const markdownText = '**a** '.repeat(400);
    expect(markdownText.length).toBeLessThan(4096);
    const { status, body } = await post({ type: 'text', markdownText });
    expect([status, body.errors?.[0]?.title]).toEqual([
      400,
      '.content.markdownText: should not be longer than 4096 characters as HTML',
    ]);
  });

  it('has its read-only fields filled in', async () => {
    const carousel = await stored({
      type: 'carousel',
      items: [
        { title: 'Tent', mediaUrl: 'https://shop.example/tent.png', actions: [link, take] },
        { title: 'Stove', description: 'Burns wood', actions: [take] },
      ],
    });
    expect(carousel?.content).toMatchObject({
      text: '1. Tent\nLook: https://shop.example/tent\n2. Stove\nBurns wood',
      items: [{ altText: 'tent.png' }, {}],
    });
    const place = await stored({ type: 'location', coordinates: { lat: 1.5, long: 2 } });
    expect(place?.content.text).toBe('Location shared:\nhttps://maps.google.com/maps?q=1.5,2');
    const image = await stored({
      type: 'image',
      mediaUrl: 'https://shop.example/a%20tent.png?size=9',
      markdownText: 'A *tent*',
    });
    expect(image?.content).toMatchObject({
      altText: 'a tent.png',
      htmlText: '<p>A <em>tent</em></p>',
      text: 'A tent',
    });
  });

  it.each([
    ['HTML and Markdown', { type: 'text', htmlText: 'a', markdownText: 'a' }],
    [
      'HTML and Markdown as a caption',
      { type: 'file', mediaUrl: 'https://a.example/b', htmlText: 'a', markdownText: 'a' },
    ],
    ['a read-only field', { type: 'location', coordinates: { lat: 1, long: 2 }, text: 'x' }],
    ['a size', { type: 'image', mediaUrl: 'https://a.example/b.png', mediaSize: 3 }],
    ['a form that is submitted', { type: 'form', submitted: true, fields: [] }],
    [
      'the answer to a form',
      { type: 'formResponse', fields: [{ type: 'text', name: 'a', label: 'A', text: 'x' }] },
    ],
    ['a script for an address', { type: 'image', mediaUrl: 'javascript:alert(1)' }],
    [
      'an alternative text of 129 characters',
      { type: 'image', mediaUrl: 'https://a.example/b.png', altText: 'x'.repeat(129) },
    ],
    [
      'two webviews that open by themselves',
      {
        type: 'text',
        text: 'x',
        actions: [1, 2].map((n) => ({
          ...link,
          text: `${n}`,
          type: 'webview',
          fallback: link.uri,
          openOnReceive: true,
        })),
      },
    ],
    ['a template outside of WhatsApp', { type: 'template', template: { name: 'x' } }],
    [
      'eleven actions of a list',
      {
        type: 'list',
        items: [{ title: 'x', actions: [link] }],
        actions: Array.from({ length: 11 }, () => link),
      },
    ],
    ['no coordinates', { type: 'location' }],
    ['an unknown type', { type: 'video', mediaUrl: 'https://a.example/b.mp4' }],
    [
      'an amount in euros',
      { type: 'text', text: 'x', actions: [{ type: 'buy', text: 'x', amount: 9.99 }] },
    ],
  ])('with %s is refused, with the place of the mistake', async (_case, content) => {
    const { status, body } = await post(content);
    expect(status).toBe(400);
    expect(body.errors?.[0]).toMatchObject({
      code: 'bad_request',
      title: expect.stringMatching(/^\.(content|schema)/),
    });
    expect(world.control.messages(conversationId)).toEqual([]);
  });

  it('names every mistake there is', async () => {
    const { body } = await post({ type: 'carousel', items: [{ title: '', actions: [] }] });
    expect(body.errors?.map(({ title }) => title.split(':')[0])).toEqual([
      '.content.items.0.title',
      '.content.items.0.actions',
    ]);
  });

  it.each([
    ['a template of WhatsApp', { schema: 'whatsapp' }, 201],
    ['another schema', { schema: 'messenger' }, 400],
  ])('is %s', async (_case, more, status) => {
    expect((await post({ type: 'template', template: { name: 'x' } }, more)).status).toBe(status);
  });

  it.each([
    [{ whatsapp: { payload: { type: 'text' } } }, 201],
    [{ apple: { payload: {}, withCapabilities: ['LIST'] } }, 201],
    [{ apple: { payload: {}, withCapabilities: ['DANCE'] } }, 400],
    [{ fax: { payload: {} } }, 400],
    [{ whatsapp: 'x' }, 400],
  ])('goes to a channel as %j, or not: %i', async (override, status) => {
    expect((await post({ type: 'text', text: 'x' }, { override })).status).toBe(status);
  });

  it('of a text for a template only is refused', async () => {
    expect((await post({ type: 'text', text: 'x' }, { schema: 'whatsapp' })).status).toBe(400);
  });
});
