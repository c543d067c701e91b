import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSandbox } from '../src/start-sandbox.ts';
import { startWorld } from './support/start-world.ts';

describe('the snapshot', () => {
  let folder: string;
  let snapshotFile: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    snapshotFile = join(folder, 'data', 'sandbox.json');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('brings everything back after a restart', async () => {
    const before = await startWorld({ snapshotFile });
    const bot = before.installListening();
    const { conversationId } = before.control.createConversation({
      account: 'acme',
      userExternalId: 'regular',
    });
    before.control.sendCustomerMessage({ conversationId, text: 'Hello' });
    before.control.takeOver(conversationId);
    const kept = {
      installations: before.control.installations(),
      messages: before.control.messages(conversationId),
      conversation: before.control.conversation(conversationId),
    };
    await before.close();

    const after = await startWorld({ snapshotFile });
    expect({
      installations: after.control.installations(),
      messages: after.control.messages(conversationId),
      conversation: after.control.conversation(conversationId),
    }).toEqual(kept);
    expect((await after.request(bot.token, 'GET', '/sc/v2/tokenInfo')).status).toBe(200);
    const user = await after.request(
      bot.token,
      'GET',
      `${bot.host}/v2/apps/${bot.appId}/users/regular`,
    );
    expect(user.status).toBe(200);
    await after.close();
  });

  it('leaves nothing out of what customers, channels and bots did', async () => {
    const before = await startWorld({ snapshotFile });
    const bot = before.installListening();
    const { conversationId, userId } = before.control.createConversation({ account: 'acme' });
    before.control.signIn({ userId, externalId: 'ada', email: 'ada@example.com' });
    before.control.markRead(conversationId);
    before.control.sendFile({
      conversationId,
      bytes: Buffer.from('x'),
      name: 'a.txt',
      mediaType: 'text/plain',
    });
    const form = { type: 'form', fields: [{ type: 'text', name: 'a', label: 'A' }] };
    const { body } = await bot.call('POST', `/conversations/${conversationId}/messages`, {
      author: { type: 'business' },
      content: form,
    });
    const formId = body.messages?.[0]?.id ?? '';
    before.control.answerForm({ conversationId, formId, values: { a: 'x' } });
    before.control.writeFromPhone({
      account: 'acme',
      phoneNumber: '+1 212-555-2368',
      text: 'Hi',
    });
    before.control.endSession(conversationId);
    before.control.setControlSetting('acme', 'release');
    await before.close();
    const kept: unknown = JSON.parse(await readFile(snapshotFile, 'utf8'));

    const after = await startWorld({ snapshotFile });
    expect(after.control.messages(conversationId).at(-2)).toHaveProperty('quotedMessage');
    await after.close();
    const again: unknown = JSON.parse(await readFile(snapshotFile, 'utf8'));
    expect(again).toEqual({ ...Object(kept), clients: Object(again).clients });
  });

  it('is written soon after a change', async () => {
    const world = await startWorld({ snapshotFile });
    world.install();
    await vi.waitFor(
      async () => {
        const { installations } = JSON.parse(await readFile(snapshotFile, 'utf8'));
        expect(installations).toHaveLength(1);
      },
      { timeout: 5_000 },
    );
    await world.close();
  });

  it.each([
    ['broken', '{"clients":'],
    ['of another version', '{"accounts":[],"clients":[{"clientId":"old-bot","clientSecret":"s"}]}'],
  ])('that is %s is set aside and reported', async (_name, text) => {
    const lines: string[] = [];
    snapshotFile = join(folder, 'sandbox.json');
    await writeFile(snapshotFile, text);
    const world = await startWorld({ snapshotFile, log: (line) => lines.push(line) });
    expect(world.control.accounts().map(({ slug }) => slug)).toEqual(['acme', 'bloom', 'old-mill']);
    expect(lines.join()).toContain('was set aside');
    await world.close();
    expect((await readdir(folder)).some((name) => name.includes('.broken-'))).toBe(true);
  });

  it('is not needed: without a file nothing is written', async () => {
    const world = await startWorld();
    await world.close();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('starting', () => {
  it('fails with EADDRINUSE when the port is taken', async () => {
    const sandbox = await startSandbox({ port: 0 });
    const port = Number(new URL(sandbox.url).port);
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await sandbox.close();
  });
});
