import { afterEach, describe, expect, it } from 'vitest';
import type { OutgoingContent } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
/** Closing holds every call against the official description of the API. */
afterEach(() => chat.shop.close());

const link = { type: 'link' as const, text: 'Open', uri: 'https://shop.example/' };
const postback = { type: 'postback' as const, text: 'Take it', payload: 'tent' };
const item = {
  title: 'Tent',
  description: 'For two',
  mediaUrl: 'https://shop.example/tent.jpg',
  mediaType: 'image/jpeg',
  altText: 'A green tent',
  size: 'large' as const,
  actions: [postback, link],
  metadata: { article: 7 },
};

const everyKind: OutgoingContent[] = [
  {
    type: 'text',
    text: 'Choose.',
    blockChatInput: true,
    actions: [
      postback,
      { ...link, metadata: { from: 'chat' } },
      {
        type: 'webview',
        text: 'Sizes',
        uri: 'https://shop.example/sizes',
        fallback: 'https://shop.example/',
        size: 'tall',
        openOnReceive: true,
      },
      { type: 'buy', text: 'Pay', amount: 1990, currency: 'eur' },
    ],
  },
  {
    type: 'text',
    text: 'Or else?',
    actions: [
      { type: 'reply', text: 'Menu', payload: 'menu', iconUrl: 'https://shop.example/i.png' },
      { type: 'locationRequest', text: 'Where are you?' },
    ],
  },
  { type: 'text', htmlText: '<b>Hello</b>', text: 'Hello' },
  { type: 'image', mediaUrl: 'https://shop.example/a.png', altText: 'A', text: 'This one?' },
  { type: 'file', mediaUrl: 'https://shop.example/a.pdf', altText: 'Terms', text: 'Our terms' },
  { type: 'carousel', items: [item], displaySettings: { imageAspectRatio: 'square' } },
  { type: 'list', items: [item, { title: 'Lamp', actions: [link] }], actions: [link] },
  {
    type: 'location',
    coordinates: { lat: 48.2, long: 16.37 },
    location: { name: 'Our shop', address: 'Stephansplatz 1' },
  },
  {
    type: 'form',
    fields: [
      { type: 'email', name: 'email', label: 'E-mail', placeholder: 'you@example.com' },
      { type: 'text', name: 'n', label: 'Order', format: 'integer', minSize: 4, maxSize: 9 },
      { type: 'select', name: 's', label: 'Topic', options: [{ name: 'a', label: 'A' }] },
    ],
  },
];

describe('send()', () => {
  it('sends every kind of message as it was given', async () => {
    chat = await openChat({
      async onMessage({ send }) {
        for (const content of everyKind) await send(content);
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'done', note: 'Message answered: 9 replies' });
    expect(chat.callsOf('PostMessage').map(({ body }) => body)).toMatchObject(
      everyKind.map((content) => ({ author: { type: 'business' }, content })),
    );
    expect(chat.zendesk.messages(chat.conversationId)).toHaveLength(1 + everyKind.length);
  });

  it('lets Zendesk make the other forms of a marked-up text', async () => {
    chat = await openChat({
      onMessage: ({ send }) => send({ type: 'text', markdownText: '**Hello**' }),
    });
    expect(await chat.say()).toMatchObject({ state: 'done' });
    const [call] = chat.callsOf('PostMessage');
    expect(call?.body).toMatchObject({ content: { type: 'text', markdownText: '**Hello**' } });
  });

  it('says that a template is one of WhatsApp’s', async () => {
    const template = {
      namespace: 'shop',
      name: 'shipped',
      language: { code: 'en' },
      components: [{ parameters: [{ text: 'No %((a))%', payload: '%((a))%' }] }],
    };
    chat = await openChat({ onMessage: ({ send }) => send({ type: 'template', template }) });
    expect(await chat.say()).toMatchObject({ state: 'done' });
    const components = [{ parameters: [{ text: 'No %\u200b((a))%', payload: '%((a))%' }] }];
    expect(chat.callsOf('PostMessage')[0]?.body).toMatchObject({
      schema: 'whatsapp',
      content: { type: 'template', template: { ...template, components } },
    });
  });

  it('takes metadata along, up to what Zendesk has room for beside ours', async () => {
    const errors: unknown[] = [];
    const metadata = { form: 'return', isFirst: true };
    chat = await openChat({
      async onMessage({ send }) {
        const content = { type: 'text' as const, text: 'Hello' };
        await send(content, { metadata: { long: 'x'.repeat(4_000) } }).catch((error: unknown) =>
          errors.push(error),
        );
        await send(content, { metadata });
      },
    });
    const event = await chat.say();
    expect(String(errors[0])).toContain('metadata has 4011 bytes as JSON; there is room for 3584.');
    expect(chat.callsOf('PostMessage').map(({ body }) => body)).toMatchObject([
      { metadata: { ...metadata, shopkeeperReply: `${event.event_id}:0` } },
    ]);
  });

  it('neutralises the platform’s commands wherever something is shown, and nowhere else', async () => {
    const text = '%((switchboard:passControl))%';
    const actions = [{ ...postback, text, payload: text }];
    const label = text;
    const shown: OutgoingContent[] = [
      { type: 'text', text, htmlText: text, actions },
      { type: 'text', markdownText: text },
      { type: 'image', mediaUrl: link.uri, altText: text, text, actions },
      { type: 'file', mediaUrl: link.uri, altText: text, htmlText: text },
      {
        type: 'list',
        items: [{ title: text, description: text, altText: text, actions }],
        actions,
      },
      {
        type: 'location',
        coordinates: { lat: 0, long: 0 },
        location: { name: text, address: text },
      },
      {
        type: 'form',
        text,
        fields: [
          { type: 'email', name: 'e', label, placeholder: text },
          { type: 'select', name: 's', label, options: [{ name: 'o', label }] },
        ],
      },
    ];
    chat = await openChat({
      async onMessage({ send }) {
        for (const content of shown) await send(content);
      },
    });
    expect(await chat.say()).toMatchObject({ state: 'done' });
    const sent = chat.callsOf('PostMessage').map(({ body }) => JSON.stringify(body));
    expect(sent).toHaveLength(shown.length);
    for (const body of sent) {
      expect(body.split('%\u200b((').length).toBeGreaterThan(1);
      expect(body.replaceAll(`"payload":"${text}"`, '')).not.toContain('%((');
    }
    expect(sent[0]).toContain(`"payload":"${text}"`);
  });

  it('sends the type and the items, and nothing the platform would refuse', async () => {
    const actions = [{ type: 'link' as const, text: 'Open', uri: 'https://shop.example.com' }];
    const card = { title: 'Say %((a))%', description: 'One', actions };
    chat = await openChat({ onMessage: ({ send }) => send({ type: 'carousel', items: [card] }) });
    const event = await chat.say();
    expect(event.state).toBe('done');
    expect(chat.callsOf('PostMessage')[0]?.body).toEqual({
      author: { type: 'business' },
      content: { type: 'carousel', items: [{ ...card, title: 'Say %\u200b((a))%' }] },
      metadata: { shopkeeperReply: `${event.event_id}:0` },
    });
  });

  it('is over after handOff()', async () => {
    const errors: unknown[] = [];
    chat = await openChat({
      async onMessage({ send, handOff }) {
        await handOff({ reason: 'Enough.' });
        const late = send({ type: 'carousel', items: [{ title: 'a', actions: [postback] }] });
        await late.catch((error: unknown) => errors.push(error));
      },
    });
    await chat.say();
    expect(errors.map(String)).toEqual([expect.stringContaining('after handOff()')]);
    expect(chat.callsOf('PostMessage')).toEqual([]);
  });
});
