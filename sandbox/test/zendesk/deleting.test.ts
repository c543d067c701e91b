import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const picture = { bytes: Buffer.from([1, 2, 3]), name: 'tent.png', mediaType: 'image/png' };

describe('deleting', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;
  let userExternalId: string;
  let defaultId: string;
  let conversationId: string;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening('acme', ['conversation:remove']);
    userExternalId = 'ada';
    const open = () => world.control.createConversation({ account: 'acme', userExternalId });
    defaultId = open().conversationId;
    conversationId = open().conversationId;
  });

  afterEach(() => world.close());

  const path = (rest = '', id = conversationId) => `/conversations/${id}${rest}`;
  const count = async () => (await bot.call('GET', path('/messages'))).body.messages?.length;

  function sendPicture(): { id: string; url: string } {
    const { id, content } = world.control.sendFile({ conversationId, ...picture });
    return { id, url: content.type === 'image' ? content.mediaUrl : '' };
  }

  const read = async (url: string) =>
    (await fetch(url, { headers: { Authorization: `Bearer ${bot.token}` } })).status;

  it('a message takes its file along', async () => {
    world.control.sendCustomerMessage({ conversationId, text: 'stays' });
    const { id, url } = sendPicture();
    expect((await bot.call('DELETE', path(`/messages/${id}`))).status).toBe(200);
    expect(await count()).toBe(1);
    expect(await read(url)).toBe(404);
    const again = await bot.call('DELETE', path(`/messages/${id}`));
    expect([again.status, again.body.errors?.[0]?.code]).toEqual([404, 'not_found']);
  });

  it('all messages makes room, and keeps the conversation', async () => {
    const { url } = sendPicture();
    world.control.sendCustomerMessage({ conversationId, text: 'x' });
    expect((await bot.call('DELETE', path('/messages'))).status).toBe(200);
    expect(await count()).toBe(0);
    expect(await read(url)).toBe(404);
    expect((await bot.call('DELETE', path('/messages', 'x'))).status).toBe(404);
  });

  it('a conversation takes messages and files along, and the bot hears of it', async () => {
    const { url } = sendPicture();
    expect((await bot.call('DELETE', path())).status).toBe(200);
    expect((await bot.call('GET', path())).status).toBe(404);
    expect(await read(url)).toBe(404);
    expect(await world.events()).toMatchObject([
      { type: 'conversation:remove', payload: { conversation: { id: conversationId } } },
    ]);
  });

  it('the default conversation is refused', async () => {
    expect((await bot.call('DELETE', path('', defaultId))).status).toBe(400);
    expect((await bot.call('GET', path('', defaultId))).status).toBe(200);
  });

  it('an attachment needs its address, and an account that has it', async () => {
    const { url } = sendPicture();
    const remove = (mediaUrl: unknown, by = bot) =>
      by.call('POST', '/attachments/remove', { mediaUrl });
    expect((await remove(url, world.installListening('bloom'))).status).toBe(404);
    expect(await read(url)).toBe(200);
    expect((await remove(url)).status).toBe(200);
    expect(await read(url)).toBe(404);
    expect((await remove(url)).status).toBe(404);
    expect((await remove('https://elsewhere.example/tent.png')).status).toBe(400);
    expect((await remove(undefined)).status).toBe(400);
  });
});
