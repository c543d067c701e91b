import { afterEach, describe, expect, it } from 'vitest';
import { createTracer, traceCall } from '../../../server/features/timeline/tracer.ts';
import { toCurl } from '../../../server/features/timeline/to-curl.ts';
import { createTraceStore } from '../../../server/features/timeline/traces.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';

let chat: Chat | undefined;
afterEach(() => chat?.shop.close());

const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00, 0xfe]);

describe('the timeline of files', () => {
  it('tells that one was fetched and one uploaded, without a token or a byte of them', async () => {
    chat = await openChat({
      async onMessage({ message, send, upload }) {
        if (message.type !== 'media') return;
        const { stream, mediaType } = await message.download();
        await send({ type: 'image', mediaUrl: upload(stream, { name: message.name, mediaType }) });
      },
    });
    await chat.sendFile({ name: 'tent.png', mediaType: 'image/png', bytes });
    const store = createTraceStore({ database: chat.shop.database, now: Date.now });
    const traces = await store.list(chat.installationId, { limit: 10 });
    const calls = new Map(traces.flatMap(({ steps }) => steps.map(({ key, call }) => [key, call])));
    expect(calls.get('DownloadAttachment')).toMatchObject({
      url: expect.stringMatching(/\/attachments\/\w+\/tent\.png$/),
      status: 200,
      requestHeaders: { Authorization: 'Bearer ⟦TOKEN⟧' },
      responseBody: null,
    });
    const upload = calls.get('UploadAttachment');
    expect(JSON.parse(upload?.requestBody?.text ?? '')).toEqual({
      source: { name: 'tent.png', mediaType: 'image/png', bytes: bytes.length },
    });
    const command = upload ? toCurl(upload) : '';
    expect(command).toContain("--form 'source=@file;type=image/png'");
    expect(command).not.toMatch(/multipart|--data/);
  });

  it('hands a file on unread, and forgets what signs the address of one', async () => {
    const tracer = createTracer({ now: Date.now });
    const url = 'https://store.example/1.png?X-Amz-Signature=secret#a';
    const init = { method: 'GET', headers: {}, isFile: true };
    const call = { service: 'zendesk', operation: 'DownloadAttachment', url, init };
    const answer = new Response(bytes);
    await tracer.run(async () => {
      expect(await traceCall({ tracer, now: Date.now }, call, async () => answer)).toBe(answer);
      expect(answer.bodyUsed).toBe(false);
      expect(tracer.steps()).toMatchObject([{ call: { url: 'https://store.example/1.png' } }]);
      expect(JSON.stringify(tracer.steps())).not.toContain('secret');
    });
  });
});
