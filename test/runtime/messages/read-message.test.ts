import { describe, expect, it, vi } from 'vitest';
import { readMessage, type Reading } from '../../../server/runtime/messages/incoming.ts';

type Content = Parameters<typeof readMessage>[0]['payload']['message']['content'];

const download = vi.fn<Reading['download']>();

function read(content: Content, more: { metadata?: object; quotedMessage?: object } = {}) {
  const metadata = { ...more.metadata };
  const quotedMessage = more.quotedMessage && { type: 'message', ...more.quotedMessage };
  const message = { id: 'm1', author: { type: 'user' }, content, metadata, quotedMessage };
  const payload = { conversation: { id: 'conversation' }, message };
  return readMessage({ type: 'conversation:message', payload }, { receivedAt: 7_000, download });
}

describe('what a handler sees of a message', () => {
  it('is the text, with the payload of the reply button when one was pressed', () => {
    expect(read({ type: 'text', text: 'Hi' })).toEqual({
      id: 'm1',
      receivedAt: new Date(7_000),
      type: 'text',
      text: 'Hi',
      payload: undefined,
      html: undefined,
      markdown: undefined,
      metadata: {},
      isHidden: false,
      quoted: undefined,
    });
    expect(read({ type: 'text', text: 'Menu', payload: 'menu' })).toMatchObject({
      payload: 'menu',
    });
  });

  it('is the words of a text that came with mark-up alone', () => {
    const htmlText = '<p>Where is<br>my <b>tent</b>?</p>';
    expect(read({ type: 'text', htmlText })).toMatchObject({
      type: 'text',
      text: 'Where is\nmy tent?',
      html: htmlText,
    });
    expect(read({ type: 'text', markdownText: '*Hi*' })).toMatchObject({
      type: 'text',
      text: '*Hi*',
      markdown: '*Hi*',
    });
  });

  it.each(['image', 'file'])(
    'is all that is known of an %s, and a way to fetch it',
    async (kind) => {
      const mediaUrl = 'https://acme.zendesk.com/sc/attachments/v2/1/a%20tent.png';
      const message = read({
        type: kind,
        mediaUrl,
        mediaType: 'image/png',
        mediaSize: 12,
        altText: 'tent.png',
        text: 'Is this it?',
      });
      expect(message).toMatchObject({
        type: 'media',
        kind,
        url: mediaUrl,
        mediaType: 'image/png',
        size: 12,
        name: 'tent.png',
        altText: 'tent.png',
        text: 'Is this it?',
      });
      await (message.type === 'media' && message.download({ maxBytes: 5 }));
      expect(download).toHaveBeenLastCalledWith(mediaUrl, { maxBytes: 5 });
      expect(read({ type: kind, mediaUrl })).toMatchObject({
        text: '',
        name: 'a tent.png',
        size: undefined,
        mediaType: undefined,
        altText: undefined,
      });
    },
  );

  it('is the place that the customer sent, by its coordinates, name and address', () => {
    const coordinates = { lat: 48.2, long: 16.3 };
    const location = { name: 'Our shop', address: 'Stephansplatz 1' };
    const text = 'Location: https://maps.example/?q=48.2,16.3';
    expect(read({ type: 'location', text, coordinates, location })).toMatchObject({
      type: 'location',
      text: 'Our shop, Stephansplatz 1',
      coordinates,
      ...location,
    });
    expect(read({ type: 'location', text, coordinates })).toMatchObject({ text, name: undefined });
  });

  it('is the answers to a form, each as what was asked for, and by its name', () => {
    const fields = [
      { type: 'email', name: 'mail', label: 'E-mail', email: 'jane@example.com' },
      { type: 'text', name: 'order', label: 'Order', text: '0815', format: 'integer' },
      {
        type: 'text',
        name: 'long',
        label: 'Long',
        text: '12345678901234567890',
        format: 'integer',
      },
      { type: 'text', name: 'size', label: 'Size', text: '4.5', format: 'decimal' },
      { type: 'text', name: '__proto__', label: 'Name', text: '42' },
      { type: 'select', name: 'topic', label: 'Topic', select: [{ name: 'r', label: 'Return' }] },
    ];
    const message = read({ type: 'formResponse', fields, textFallback: 'E-mail: jane@…' });
    expect(message).toMatchObject({ type: 'form', text: 'E-mail: jane@…' });
    if (message.type !== 'form') return;
    expect(message.fields).toEqual([
      { type: 'email', name: 'mail', label: 'E-mail', value: 'jane@example.com' },
      { type: 'text', name: 'order', label: 'Order', value: 815 },
      { type: 'text', name: 'long', label: 'Long', value: '12345678901234567890' },
      { type: 'text', name: 'size', label: 'Size', value: 4.5 },
      { type: 'text', name: '__proto__', label: 'Name', value: '42' },
      { type: 'select', name: 'topic', label: 'Topic', value: [{ name: 'r', label: 'Return' }] },
    ]);
    expect(Object.entries(message.values)).toEqual([
      ['mail', 'jane@example.com'],
      ['order', '0815'],
      ['long', '12345678901234567890'],
      ['size', '4.5'],
      ['__proto__', '42'],
      ['topic', 'r'],
    ]);
    expect(read({ type: 'formResponse', fields: fields.slice(1, 2) }).text).toBe('Order: 0815');
  });

  it('is its kind and all of it for anything else, or what is not as documented', () => {
    for (const content of [
      { type: 'a type of next year', stars: 5 },
      { type: 'text' },
      { type: 'image' },
      { type: 'location', coordinates: { lat: '48' } },
      { type: 'formResponse', fields: 'none' },
    ])
      expect(read(content)).toMatchObject({ type: 'other', kind: content.type, content, text: '' });
    expect(read({ type: 'sticker', text: 'A cat' }).text).toBe('A cat');
  });

  it('is what it quotes: a form that it answers, or a message of another channel', () => {
    const form = { id: 'f1', author: { type: 'business' }, content: { type: 'form' } };
    const message = { ...form, metadata: { form: 'return' } };
    expect(read({ type: 'text', text: 'Hi' }, { quotedMessage: { message } }).quoted).toEqual({
      id: 'f1',
      externalId: undefined,
      by: 'business',
      text: '',
      metadata: { form: 'return' },
    });
    const quotedMessage = { type: 'externalMessageId', externalMessageId: 'wamid.1' };
    expect(read({ type: 'text', text: 'Hi' }, { quotedMessage }).quoted).toEqual({
      id: undefined,
      externalId: 'wamid.1',
      by: undefined,
      text: '',
      metadata: {},
    });
    expect(read({ type: 'text', text: 'Hi' }, { quotedMessage: { message: 7 } }).quoted).toBe(
      undefined,
    );
  });
});

describe('the name of a file', () => {
  const at = 'https://acme.zendesk.com/sc/attachments/v2/1/';
  it.each([
    ['tent.png', `${at}x`, 'tent.png'],
    ['A tent in the rain', `${at}x.png`, 'x.png'],
    ['AC/DC.mp3', `${at}x.mp3`, 'x.mp3'],
    ['../../../etc/passwd.txt', `${at}..%2f..%2fkey.pem`, 'key.pem'],
    [undefined, `${at}%5C..%5C..`, 'file'],
    [undefined, `${at}%ff`, 'file'],
    [undefined, at, 'file'],
    [undefined, 'no address', 'file'],
  ])('is that of %j or of the address %s: %s', (altText, mediaUrl, name) => {
    expect(read({ type: 'file', mediaUrl, altText })).toMatchObject({ name });
  });
});
