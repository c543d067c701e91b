import { describe, expect, it } from 'vitest';
import { readMessage, type Reading } from '../../../server/runtime/messages/incoming.ts';

type Content = Parameters<typeof readMessage>[0]['payload']['message']['content'];

function read(content: Content, more: ReturnType<Reading['readMore']> = []) {
  const message = { id: 'm1', author: { type: 'user' }, content };
  const payload = { conversation: { id: 'conversation' }, message };
  const reading: Reading = { receivedAt: 7_000, readMore: () => more };
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
      metadata: {},
    });
    expect(read({ type: 'text', text: 'Menu', payload: 'menu' })).toMatchObject({
      type: 'text',
      payload: 'menu',
    });
    expect(read({ type: 'text', payload: 'menu' })).toMatchObject({ type: 'text', text: '' });
  });

  it('is its kind and all of it for anything else, or what is not as documented', () => {
    for (const content of [{ type: 'a type of next year', stars: 5 }, { type: 'text' }])
      expect(read(content)).toMatchObject({ type: 'other', kind: content.type, content, text: '' });
    expect(read({ type: 'sticker', text: 'A cat' }).text).toBe('A cat');
    expect(read({ type: 'text', text: 7 })).toMatchObject({ type: 'other', text: '' });
  });

  it('is what features read of it, whose words may say more', () => {
    const cat = { type: 'text' as const, payload: 'cat', text: 'A cat' };
    const message = read({ type: 'sticker' }, [cat, undefined, { metadata: { seen: true } }]);
    expect(message).toEqual({
      ...cat,
      id: 'm1',
      receivedAt: new Date(7_000),
      metadata: { seen: true },
    });
  });
});
