import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

describe('participants', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;
  let groupId: string;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening('acme', ['conversation:join', 'conversation:leave']);
    const { body } = await bot.call('POST', '/conversations', { type: 'sdkGroup' });
    groupId = body.conversation?.id ?? '';
    for (const externalId of ['ada', 'eve']) await bot.call('POST', '/users', { externalId });
  });

  afterEach(() => world.close());

  const join = (body: Record<string, unknown>, id = groupId) =>
    bot.call('POST', `/conversations/${id}/join`, { subscribeSDKClient: false, ...body });
  const leave = (body: Record<string, unknown>) =>
    bot.call('POST', `/conversations/${groupId}/leave`, body);
  const list = async (query = '') =>
    (await bot.call('GET', `/conversations/${groupId}/participants${query}`)).body;

  it('join and leave a group, and the bot hears of it', async () => {
    const joined = await join({ userExternalId: 'ada', subscribeSDKClient: true });
    expect(joined.status).toBe(201);
    expect(joined.body.participant).toMatchObject({
      userExternalId: 'ada',
      unreadCount: 0,
      clientAssociations: [{ type: 'sdk' }],
    });
    await join({ userExternalId: 'eve' });
    expect((await list()).participants).toMatchObject([
      { userExternalId: 'ada' },
      { userExternalId: 'eve', clientAssociations: [] },
    ]);
    expect((await leave({ userExternalId: 'eve' })).status).toBe(200);
    expect((await leave({ participantId: joined.body.participant?.id })).status).toBe(200);
    expect((await list()).participants).toEqual([]);
    expect(
      (await world.events()).map(({ type, payload }) => [type, payload['user']]),
    ).toMatchObject([
      ['conversation:join', { externalId: 'ada' }],
      ['conversation:join', { externalId: 'eve' }],
      ['conversation:leave', { externalId: 'eve' }],
      ['conversation:leave', { externalId: 'ada' }],
    ]);
  });

  it('are counted what they have not read', async () => {
    const { conversationId, userId } = world.control.createConversation({ account: 'acme' });
    const path = `/conversations/${conversationId}`;
    const content = { type: 'text', text: 'Hello' };
    await bot.call('POST', `${path}/messages`, { author: { type: 'business' }, content });
    const look = async () => (await bot.call('GET', `${path}/participants`)).body.participants?.[0];
    expect(await look()).toMatchObject({ userId, unreadCount: 1 });
    world.control.markRead(conversationId);
    expect(await look()).toMatchObject({ unreadCount: 0, lastRead: expect.any(String) });
  });

  it('are listed in pages', async () => {
    await join({ userExternalId: 'ada' });
    await join({ userExternalId: 'eve' });
    const first = await list('?page[size]=1');
    expect(first).toMatchObject({
      participants: [{ userExternalId: 'ada' }],
      meta: { hasMore: true },
    });
    const next = await list(`?page[size]=1&page[after]=${first.meta?.afterCursor}`);
    expect(next).toMatchObject({ participants: [{ userExternalId: 'eve' }] });
    expect(
      (await bot.call('GET', `/conversations/${groupId}/participants?page[size]=0`)).status,
    ).toBe(400);
  });

  it.each([
    ['nobody', {}, 400],
    ['two names at once', { userId: 'x', userExternalId: 'ada' }, 400],
    ['a stranger', { userExternalId: 'nobody' }, 404],
  ])('cannot be %s', async (_case, body, status) => {
    expect((await join(body)).status).toBe(status);
    expect((await leave(body)).status).toBe(status);
  });

  it('have to say in a group whether they are subscribed at once', async () => {
    const ada = { userExternalId: 'ada' };
    const joined = await bot.call('POST', `/conversations/${groupId}/join`, ada);
    expect(joined.status).toBe(400);
    expect(joined.body.errors?.[0]?.title).toMatch(/^\.subscribeSDKClient: /);
    const group = { type: 'sdkGroup', participants: [ada] };
    const created = await bot.call('POST', '/conversations', group);
    expect(created.status).toBe(400);
    expect(created.body.errors?.[0]?.title).toMatch(/^\.participants\.0\.subscribeSDKClient: /);
    const personal = { type: 'personal', participants: [ada] };
    expect((await bot.call('POST', '/conversations', personal)).status).toBe(201);
  });

  it('are reached from the start only where their website is subscribed', async () => {
    const phone = { account: 'acme', phoneNumber: '+1 212-555-2368', text: 'Hi' };
    const associations = async (id = '') =>
      (await bot.call('GET', `/conversations/${id}/participants`)).body.participants?.[0];
    const caller = await associations(world.control.writeFromPhone(phone));
    for (const [subscribeSDKClient, clients] of [
      [undefined, []],
      [false, []],
      [true, [{ type: 'sdk' }]],
    ] as const) {
      const participants = [{ userId: caller?.['userId'], subscribeSDKClient }];
      const { body } = await bot.call('POST', '/conversations', { type: 'personal', participants });
      expect(await associations(body.conversation?.id)).toMatchObject({
        clientAssociations: clients,
      });
    }
  });

  it('join once, ten of them at most, and leave only where they are', async () => {
    await join({ userExternalId: 'ada' });
    expect((await join({ userExternalId: 'ada' })).status).toBe(400);
    expect((await leave({ userExternalId: 'eve' })).status).toBe(404);
    expect((await leave({ participantId: 'x' })).status).toBe(404);
    for (let n = 1; n < 10; n += 1) {
      await bot.call('POST', '/users', { externalId: `user ${n}` });
      expect((await join({ userExternalId: `user ${n}` })).status).toBe(201);
    }
    const { status, body } = await join({ userExternalId: 'eve' });
    expect([status, body.errors?.[0]?.title]).toEqual([400, 'Too many participants']);
  });

  it('of a group are all reached, on no channel of choice', async () => {
    await join({ userExternalId: 'ada', subscribeSDKClient: true });
    const message = { author: { type: 'business' }, content: { type: 'text', text: 'Hello' } };
    const post = (more = {}) =>
      bot.call('POST', `/conversations/${groupId}/messages`, { ...message, ...more });
    expect((await post()).status).toBe(201);
    for (const integrationType of ['none', 'web'])
      expect((await post({ destination: { integrationType } })).status).toBe(400);
  });

  it('of a personal conversation stay as they are', async () => {
    const { conversationId, userId } = world.control.createConversation({ account: 'acme' });
    expect((await join({ userExternalId: 'ada' }, conversationId)).status).toBe(400);
    const left = await bot.call('POST', `/conversations/${conversationId}/leave`, { userId });
    expect(left.status).toBe(400);
  });
});
