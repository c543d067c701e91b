import { afterEach, describe, expect, it } from 'vitest';
import type { IncomingMessage, OnMessage, Turn } from '../../../server/runtime/types.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat;
afterEach(() => chat.shop.close());

const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00, 0xfe]);
const tent = { name: 'tent.png', mediaType: 'image/png', bytes };

/** A bot that keeps what it is sent. */
async function openKeeper(also: OnMessage = async () => {}) {
  const kept: IncomingMessage[] = [];
  chat = await openChat({
    async onMessage(context) {
      kept.push(context.message);
      await also(context);
    },
  });
  return kept;
}

describe('a file that the customer sends', () => {
  it('can be read although it is private', async () => {
    const read: Buffer[] = [];
    const kept = await openKeeper(async ({ message }) => {
      if (message.type === 'media') read.push(await (await message.download()).bytes());
    });
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
    const kept = await openKeeper(async ({ message, reply }) => {
      if (message.type !== 'media') return;
      await message.download({ maxBytes: 6 }).catch((error: unknown) => reply(String(error)));
    });
    expect(await chat.sendFile(tent)).toMatchObject({ state: 'done', attempts: 1 });
    expect(kept).toHaveLength(1);
    expect(chat.replies()).toEqual([
      'RangeError: The file has 7 bytes; download() takes 6 bytes here.',
    ]);
  });

  it('can be sent back as it comes', async () => {
    await openKeeper(async ({ message, send, upload }) => {
      if (message.type !== 'media') return;
      const { stream, mediaType } = await message.download();
      await send({ type: 'image', mediaUrl: upload(stream, { name: message.name, mediaType }) });
    });
    expect(await chat.sendFile(tent)).toMatchObject({ state: 'done', attempts: 1 });
    expect(chat.callsOf('UploadAttachment')).toHaveLength(1);
  });

  it('is its caption in the history, or its name', async () => {
    const seen: Turn[][] = [];
    await openKeeper(async ({ history }) => void seen.push(await history()));
    await chat.sendFile({ ...tent, caption: 'Is this it?' });
    await chat.sendFile(tent);
    expect(seen[1]?.map(({ text }) => text)).toEqual(['Is this it?', 'tent.png']);
  });
});

describe('what else the customer sends', () => {
  it('is a place, or the answers to a form, with the form', async () => {
    const kept = await openKeeper(async ({ message, send }) => {
      if (message.type !== 'location') return;
      const fields = [
        { type: 'email' as const, name: 'mail', label: 'E-mail' },
        { type: 'text' as const, name: 'order', label: 'Order', format: 'integer' as const },
      ];
      await send({ type: 'form', fields }, { metadata: { form: 'return' } });
    });
    await chat.sendLocation({ lat: 48.2, long: 16.3, name: 'Our shop' });
    expect(await chat.answerForm({ mail: 'jane@example.com', order: '4711' })).toMatchObject({
      state: 'done',
    });
    expect(kept).toMatchObject([
      { type: 'location', coordinates: { lat: 48.2, long: 16.3 }, text: 'Our shop' },
      {
        type: 'form',
        values: { mail: 'jane@example.com', order: '4711' },
        fields: [{ type: 'email' }, { type: 'text', value: 4711 }],
        text: 'E-mail: jane@example.com\nOrder: 4711',
        quoted: { by: 'business', id: expect.any(String), metadata: { form: 'return' } },
      },
    ]);
  });

  it('comes with the metadata of its page', async () => {
    const kept = await openKeeper();
    await chat.say('Hello?', { metadata: { product: 'tent' } });
    expect(kept).toMatchObject([{ metadata: { product: 'tent' }, isHidden: false }]);
    expect(Math.abs((kept[0]?.receivedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });
});

describe('a message that was deleted before its turn', () => {
  it('is left alone', async () => {
    const kept = await openKeeper();
    const author = { type: 'user', userId: chat.userId };
    const message = { id: 'm1', author, content: { type: 'text', text: '' }, deleted: true };
    expect(await chat.tell('conversation:message', { message })).toMatchObject({
      state: 'ignored',
      note: 'Deleted by now.',
    });
    expect(kept).toEqual([]);
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
