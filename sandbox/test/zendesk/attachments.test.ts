import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRecordedCalls } from '../../../test/support/openapi/check.ts';
import { answerSchema } from '../support/answer-schema.ts';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const bytes = Buffer.from([0x89, 0x50, 0, 255, 128, 13, 10]);
const picture = { bytes, name: 'tent 1.png', mediaType: 'image/png' };

describe('attachments', () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.close());

  type Bot = ReturnType<World['install']>;

  interface Form {
    body: NonNullable<RequestInit['body']>;
    headers?: Record<string, string>;
  }

  async function upload({ token, host, appId }: Bot, form: Form, query = '?access=public') {
    const headers = { Authorization: `Bearer ${token}`, ...form.headers };
    const path = `${host}/v2/apps/${appId}/attachments${query}`;
    const answer = await fetch(`${world.url}${path}`, { method: 'POST', ...form, headers });
    const { attachment } = answerSchema.parse(await answer.json());
    return { status: answer.status, mediaUrl: attachment?.mediaUrl ?? '' };
  }

  function formWithPicture(): Form {
    const body = new FormData();
    body.set('source', new Blob([bytes], { type: 'image/png' }), 'tent 1.png');
    return { body };
  }

  const read = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });
  const withToken = ({ token }: Bot) => ({ Authorization: `Bearer ${token}` });

  async function sentByCustomer(account = 'acme') {
    const { conversationId } = world.control.createConversation({ account });
    const { content } = world.control.sendFile({ conversationId, ...picture });
    return 'mediaUrl' in content ? (content.mediaUrl ?? '') : '';
  }

  it('are uploaded and read again, byte for byte', async () => {
    const bot = world.install();
    const { status, mediaUrl } = await upload(bot, formWithPicture());
    expect(status).toBe(201);
    expect(mediaUrl).toMatch(/\/tent%201\.png$/);
    const answer = await read(mediaUrl, withToken(bot));
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    checkRecordedCalls(world.control.calls);
  });

  it('are uploaded without a file name, too', async () => {
    const head =
      '--x\r\nContent-Disposition: form-data; name="source"\r\nContent-Type: image/png\r\n\r\n';
    const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--x--\r\n')]);
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
    const bot = world.install();
    const { status, mediaUrl } = await upload(bot, { body, headers });
    expect(status).toBe(201);
    const answer = await read(mediaUrl, withToken(bot));
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  });

  it.each([
    ['orders.json', 415],
    ['page.HTML', 415],
    ['run.pdf.exe', 415],
    ['ends with a dot.', 415],
    ['Photo.JPG', 201],
    ['orders.csv', 201],
    ['no ending', 201],
  ])('called "%s" are answered with %i, by what Zendesk takes', async (name, status) => {
    const body = new FormData();
    body.set('source', new Blob([bytes]), name);
    expect((await upload(world.install(), { body })).status).toBe(status);
  });

  it.each(['', '?access=private'])('are refused with the query "%s"', async (query) => {
    expect((await upload(world.install(), formWithPicture(), query)).status).toBe(400);
  });

  it.each([
    ['no form', { body: 'x', headers: { 'Content-Type': 'text/plain' } }],
    ['a broken form', { body: 'x', headers: { 'Content-Type': 'multipart/form-data' } }],
    ['another part', { body: new URLSearchParams({ source: 'x' }) }],
  ])('are refused as %s', async (_case, form) => {
    expect((await upload(world.install(), form)).status).toBe(400);
  });

  it('fill in what a message that carries them does not say', async () => {
    const bot = world.install();
    const { mediaUrl } = await upload(bot, formWithPicture());
    const { conversationId } = world.control.createConversation({ account: 'acme' });
    const { body } = await bot.call('POST', `/conversations/${conversationId}/messages`, {
      author: { type: 'business' },
      content: { type: 'image', mediaUrl },
    });
    expect(body.messages?.[0]?.content).toMatchObject({
      altText: 'tent 1.png',
      mediaType: 'image/png',
      mediaSize: bytes.length,
    });
  });

  describe('of an account that keeps them private', () => {
    it.each([
      ['no token', () => ({})],
      ['a token nobody gave out', () => ({ Authorization: 'Bearer x' })],
      ['the token of another account', () => withToken(world.install({ account: 'bloom' }))],
      ['a page of another site', () => ({ 'Sec-Fetch-Site': 'cross-site' })],
    ])('are not read with %s', async (_case, headers) => {
      const answer = await read(await sentByCustomer(), headers());
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({
        errors: [{ code: 'unauthorized', title: 'Authorization is required' }],
      });
    });

    it("are read with a token of the account, and by the sandbox's own pages", async () => {
      const mediaUrl = await sentByCustomer();
      expect((await read(mediaUrl, withToken(world.install()))).status).toBe(200);
      expect((await read(mediaUrl, { 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
    });
  });

  it('are read by anybody where the account keeps nothing private', async () => {
    const mediaUrl = await sentByCustomer();
    world.control.setPrivateAttachments('acme', false);
    expect((await read(mediaUrl)).status).toBe(200);
    expect((await read(await sentByCustomer('old-mill'))).status).toBe(200);
    world.control.setPrivateAttachments('acme', true);
    expect((await read(mediaUrl)).status).toBe(401);
  });

  it('of which there are too many make the oldest go', async () => {
    const first = await sentByCustomer('old-mill');
    for (let n = 0; n < 200; n += 1) await sentByCustomer('old-mill');
    expect((await read(first)).status).toBe(404);
  });

  it('and the settings of the account outlive a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const snapshotFile = join(folder, 'sandbox.json');
    const before = await startWorld({ snapshotFile });
    const { conversationId } = before.control.createConversation({ account: 'acme' });
    before.control.sendFile({ conversationId, ...picture });
    before.control.setPrivateAttachments('acme', false);
    before.control.setControlSetting('acme', 'release');
    await before.close();

    const after = await startWorld({ snapshotFile });
    const [message] = after.control.messages(conversationId);
    const url = message && 'mediaUrl' in message.content ? message.content.mediaUrl : '';
    const answer = await read(`${after.url}${url.slice(before.url.length)}`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(after.control.accounts()[0]?.controlSetting).toBe('release');
    await after.close();
    await rm(folder, { recursive: true });
  });
});
