import { describe, expect, it } from 'vitest';
import { readMessage } from '../../server/runtime/incoming.ts';

function read(content: { type: string; text?: string; payload?: string; mediaUrl?: string }) {
  const author = { type: 'user' };
  const message = { id: 'message', author, content };
  const payload = { conversation: { id: 'conversation' }, message };
  return readMessage({ type: 'conversation:message', payload });
}

describe('what a handler sees of a message', () => {
  it('is the text, with the payload of the reply button when one was pressed', () => {
    expect(read({ type: 'text', text: 'Hi' })).toEqual({
      type: 'text',
      text: 'Hi',
      payload: undefined,
    });
    expect(read({ type: 'text', text: 'Menu', payload: 'menu' })).toMatchObject({
      payload: 'menu',
    });
  });

  it.each(['image', 'file'])('is the address of an %s', (kind) => {
    const url = 'https://cdn.example.com/1';
    expect(read({ type: kind, mediaUrl: url, text: 'caption' })).toEqual({
      type: 'media',
      kind,
      url,
    });
  });

  it.each(['location', 'formResponse', 'a type of next year', 'text'])(
    'is only the kind of anything else, such as a %s without a text',
    (kind) => expect(read({ type: kind })).toEqual({ type: 'other', kind }),
  );
});
