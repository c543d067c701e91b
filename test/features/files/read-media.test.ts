import { describe, expect, it, vi } from 'vitest';
import { readMedia } from '../../../server/features/files/media.ts';
import type { MediaMessage } from '../../../server/runtime/types.ts';

const download = vi.fn<MediaMessage['download'] & ((url: string) => never)>();
const read = (content: object) => readMedia(content, download);

describe('content with a file', () => {
  it.each(['image', 'file'])(
    'of type %s is all that is known of it, and a way to fetch it',
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
      });
      await message?.download({ maxBytes: 5 });
      expect(download).toHaveBeenLastCalledWith(mediaUrl, { maxBytes: 5 });
      expect(read({ type: kind, mediaUrl })).toMatchObject({
        name: 'a tent.png',
        size: undefined,
        mediaType: undefined,
        altText: undefined,
      });
    },
  );

  it('is not read where it is otherwise than documented, or something else', () => {
    for (const content of [{ type: 'image' }, { type: 'text', text: 'Hi', mediaUrl: 'https://x/' }])
      expect(read(content)).toBe(undefined);
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
