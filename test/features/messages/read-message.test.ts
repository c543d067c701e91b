import { describe, expect, it } from 'vitest';
import { readMessage as readMore } from '../../../server/features/messages/read-message.ts';
import { readMessage, type Reading } from '../../../server/runtime/messages/incoming.ts';

type Content = Parameters<typeof readMessage>[0]['payload']['message']['content'];

function read(content: Content, more: { metadata?: object; quotedMessage?: object } = {}) {
  const metadata = { ...more.metadata };
  const quotedMessage = more.quotedMessage && { type: 'message', ...more.quotedMessage };
  const message = { id: 'm1', author: { type: 'user' }, content, metadata, quotedMessage };
  const payload = { conversation: { id: 'conversation' }, message };
  const reading: Reading = { receivedAt: 7_000, readMore: (given) => [readMore(given)] };
  return readMessage({ type: 'conversation:message', payload }, reading);
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

  it('is its kind and all of it for anything else, or what is not as documented', () => {
    for (const content of [{ type: 'a type of next year', stars: 5 }, { type: 'text' }])
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
    const deleted = { id: 'd1', author: { type: 'user' } };
    const ofDeleted = { quotedMessage: { message: deleted } };
    expect(read({ type: 'text', text: 'Hi' }, ofDeleted).quoted).toMatchObject({
      id: 'd1',
      text: '',
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
