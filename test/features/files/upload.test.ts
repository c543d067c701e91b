import { createReadStream, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES, openUpload } from '../../../server/features/files/upload.ts';
import type { OnMessage, UploadSource } from '../../../server/runtime/types.ts';
import { createClock } from '../../support/clock.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat | undefined;
afterEach(async () => {
  await chat?.shop.close();
  chat = undefined;
});

const bytes = Buffer.from('not really a picture');
const png = { name: 'label 1.png', mediaType: 'image/png' };
const send = async () => 'https://media.example/1';
const open = (source: UploadSource, file = png) => openUpload(source, file, send);

async function openOne(onMessage: OnMessage): Promise<Chat> {
  chat = await openChat({ onMessage });
  return chat;
}
const mediaUrls = ({ zendesk, conversationId }: Chat) =>
  zendesk
    .messages(conversationId)
    .map(({ content }) => ('mediaUrl' in content ? content.mediaUrl : ''))
    .filter((url) => url !== '');

describe('upload()', () => {
  it('sends bytes, a stream and a file, each as a file of that name and type', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'upload-')), 'label.png');
    writeFileSync(path, bytes);
    const sources = (): UploadSource[] => [
      bytes,
      Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]),
      new Blob([bytes]).stream(),
      path,
      pathToFileURL(path),
    ];
    const opened = await openOne(async ({ send: sendOne, upload }) => {
      for (const source of sources())
        await sendOne({ type: 'image', mediaUrl: upload(source, png) });
    });
    expect(await opened.say()).toMatchObject({ state: 'done' });
    const urls = mediaUrls(opened);
    expect(urls).toHaveLength(sources().length);
    const token = opened.zendesk.installations()[0]?.accessTokens[0];
    for (const url of urls) {
      const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
      expect(answer.headers.get('content-type')).toContain('image/png');
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    }
    expect(opened.callsOf('UploadAttachment')[0]?.path).toContain(
      `access=public&for=message&conversationId=${opened.conversationId}`,
    );
  });

  it('can stand in a card, and in several messages, and is uploaded once', async () => {
    const opened = await openOne(async ({ send: sendOne, upload }) => {
      const picture = upload(bytes, png);
      const actions = [{ type: 'postback' as const, text: 'Take it', payload: 'it' }];
      const card = { title: 'Label', mediaUrl: picture, actions };
      await sendOne({ type: 'carousel', items: [card, { title: 'No picture', actions }] });
      await sendOne({ type: 'image', mediaUrl: picture });
    });
    expect(await opened.say()).toMatchObject({ state: 'done' });
    expect(opened.callsOf('UploadAttachment')).toHaveLength(1);
    const [mediaUrl] = mediaUrls(opened);
    expect(opened.callsOf('PostMessage')[0]?.body).toMatchObject({
      content: { items: [{ mediaUrl }, { title: 'No picture' }] },
    });
  });

  it('is not done again by a second attempt for what the first one has sent', async () => {
    const streams: Readable[] = [];
    const opened = await openOne(async ({ send: sendOne, upload }) => {
      const stream = Readable.from([bytes]);
      streams.push(stream);
      const picture = upload(stream, png);
      await sendOne({ type: 'image', mediaUrl: picture });
      await sendOne({ type: 'file', mediaUrl: picture, text: 'The same as a file.' });
    });
    opened.zendesk.armFault({ kind: 'dropAnswer', operation: 'PostMessage' });
    expect(await opened.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(opened.callsOf('UploadAttachment')).toHaveLength(1);
    expect(new Set(mediaUrls(opened)).size).toBe(1);
    expect(mediaUrls(opened)).toHaveLength(2);
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });

  it('is repeated with its message when Zendesk could not take it', async () => {
    const opened = await openOne(({ send: sendOne, upload }) =>
      sendOne({ type: 'image', mediaUrl: upload(bytes, png) }),
    );
    opened.zendesk.armFault({ kind: 'answer', operation: 'UploadAttachment', status: 503 });
    expect(await opened.say()).toMatchObject({ state: 'done', attempts: 2 });
    expect(mediaUrls(opened)).toHaveLength(1);
  });

  it('that took long is not sent over an agent who came meanwhile', async () => {
    const clock = createClock();
    const opened = await openChat(
      {
        onMessage: ({ send: sendOne, upload }) => {
          const slow = (async function* () {
            yield bytes;
            opened.zendesk.takeOver(opened.conversationId);
            clock.advance(3_000);
          })();
          return sendOne({ type: 'image', mediaUrl: upload(slow, png) });
        },
      },
      { now: clock.now },
    );
    chat = opened;
    expect(await opened.say()).toMatchObject({
      state: 'ignored',
      note: expect.stringContaining('the Agent Workspace'),
    });
    expect(mediaUrls(opened)).toEqual([]);
  });

  it('reads nothing before its message is sent', async () => {
    const opened = await openOne(async ({ upload, reply }) => {
      upload('/nowhere/label.png', png);
      await reply('Not today.');
    });
    expect(await opened.say()).toMatchObject({ state: 'done' });
    expect(opened.callsOf('UploadAttachment')).toEqual([]);
  });
});

describe('a file that cannot be uploaded', () => {
  const tooLarge = `label 1.png has ${MAX_FILE_BYTES + 1} bytes or more; Zendesk takes ${MAX_FILE_BYTES}`;

  it('is told from its bytes at once', () => {
    expect(() => open(Buffer.alloc(0))).toThrow('upload(): label 1.png is empty.');
    expect(() => open(Buffer.alloc(MAX_FILE_BYTES + 1))).toThrow(tooLarge);
    expect(() => open(Buffer.alloc(MAX_FILE_BYTES))).not.toThrow();
    expect(() => open(bytes, { ...png, name: '' })).toThrow('name is empty');
    for (const mediaType of ['', 'png', 'image/', 'image/png\r\nX: y'])
      expect(() => open(bytes, { ...png, mediaType })).toThrow('write it like image/png');
  });

  it('ends a stream that is too long where it becomes so', async () => {
    let given = 0;
    const endless = (async function* () {
      while (true) {
        given += 1_000_000;
        yield Buffer.alloc(1_000_000);
      }
    })();
    await expect(open(endless).url()).rejects.toThrow('label 1.png has 51000000 bytes or more');
    expect(given).toBe(51_000_000);
    await expect(open(Readable.from([])).url()).rejects.toThrow('is empty');
  });

  it('is a path with nothing there, or nothing in it, or an address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'upload-'));
    writeFileSync(join(folder, 'empty.png'), '');
    await expect(open(join(folder, 'gone.png')).url()).rejects.toThrow(
      'upload() cannot read label 1.png: ENOENT',
    );
    await expect(open(join(folder, 'empty.png')).url()).rejects.toThrow('is empty');
    await expect(open(folder).url()).rejects.toThrow('cannot read');
    for (const url of ['https://shop.example/a.png', new URL('https://shop.example/a.png')])
      await expect(open(url).url()).rejects.toThrow('give it as mediaUrl, without upload()');
  });

  it('leaves a stream that was read elsewhere to its reader', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'upload-')), 'a.png');
    writeFileSync(path, bytes);
    const stream = createReadStream(path);
    const upload = open(stream);
    await upload.url();
    upload.isAt('https://media.example/2');
    expect(await upload.url()).toBe('https://media.example/1');
  });
});
