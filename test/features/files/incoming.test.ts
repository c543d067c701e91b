import { afterEach, describe, expect, it } from 'vitest';
import type { IncomingMessage } from '../../../server/runtime/types.ts';
import { openChat, openKeeper, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
let kept: IncomingMessage[];
afterEach(() => chat.shop.close());

const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00, 0xfe]);
const tent = { name: 'tent.png', mediaType: 'image/png', bytes };

describe('a file that the customer sends', () => {
  it('can be read although it is private', async () => {
    const read: Buffer[] = [];
    ({ chat, kept } = await openKeeper(async ({ message }) => {
      if (message.type === 'media') read.push(await (await message.download()).bytes());
    }));
    expect(await chat.sendFile({ ...tent, caption: 'Is this it?' })).toMatchObject({
      state: 'done',
    });
    expect(kept).toMatchObject([
      {
        type: 'media',
        kind: 'image',
        text: 'Is this it?',
        mediaType: 'image/png',
        size: bytes.length,
        name: 'tent.png',
      },
    ]);
    expect(read).toEqual([bytes]);
    const url = kept[0]?.type === 'media' ? kept[0].url : '';
    expect((await fetch(url)).status).toBe(401);
  });

  it('that is larger than the bot allows fails to be read, and nothing else', async () => {
    ({ chat, kept } = await openKeeper(async ({ message, reply }) => {
      if (message.type !== 'media') return;
      await message.download({ maxBytes: 6 }).catch((error: unknown) => reply(String(error)));
    }));
    expect(await chat.sendFile(tent)).toMatchObject({ state: 'done', attempts: 1 });
    expect(kept).toHaveLength(1);
    expect(chat.replies()).toEqual([
      'RangeError: The file has 7 bytes; download() takes 6 bytes here.',
    ]);
  });

  it('can be sent back as it comes', async () => {
    ({ chat } = await openKeeper(async ({ message, send, upload }) => {
      if (message.type !== 'media') return;
      const { stream, mediaType } = await message.download();
      await send({ type: 'image', mediaUrl: upload(stream, { name: message.name, mediaType }) });
    }));
    expect(await chat.sendFile(tent)).toMatchObject({ state: 'done', attempts: 1 });
    expect(chat.callsOf('UploadAttachment')).toHaveLength(1);
  });
});

describe('the sandbox’s bot', () => {
  it('understands what is said under a picture', async () => {
    chat = await openChat({});
    expect(await chat.sendFile({ ...tent, caption: 'agent' })).toMatchObject({
      note: expect.stringContaining('handed over'),
    });
    expect(chat.replies()).toEqual([]);
  });
});
