import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

const TRIGGERS = ['user:update', 'user:merge', 'user:remove', 'client:add', 'conversation:remove'];

describe('users', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening('acme', TRIGGERS);
  });

  afterEach(() => world.close());

  const visitor = () => world.control.createConversation({ account: 'acme' });
  const get = async (id: string) => (await bot.call('GET', `/users/${id}`)).body.user;

  async function signIn(externalId: string, userId = visitor().userId) {
    const identity = { externalId, name: 'Ada', email: `${externalId}@example.com` };
    return world.control.signIn({ userId, ...identity });
  }

  it('are changed member by member', async () => {
    await bot.call('POST', '/users', {
      externalId: 'ada',
      profile: { givenName: 'Ada', surname: 'L' },
      metadata: { plan: 'free', seats: 1 },
    });
    const { status, body } = await bot.call('PATCH', '/users/ada', {
      profile: { surname: 'Lovelace', locale: 'en-GB' },
      metadata: { plan: 'paid' },
      toBeRetained: true,
    });
    expect(status).toBe(200);
    const changed = {
      profile: { givenName: 'Ada', surname: 'Lovelace', locale: 'en-GB' },
      metadata: { plan: 'paid', seats: 1 },
      toBeRetained: true,
    };
    expect(body.user).toMatchObject(changed);
    expect(await get('ada')).toMatchObject(changed);
    await bot.call('PATCH', '/users/ada', { metadata: null });
    expect(await get('ada')).toMatchObject({ metadata: {} });
  });

  it.each([
    ['an unknown member', { name: 'Ada' }],
    ['another external id', { externalId: 'eve' }],
    ['no e-mail address', { profile: { email: 'ada' } }],
    ['metadata larger than 4 KB', { metadata: { a: 'x'.repeat(4096) } }],
    ['nested metadata', { metadata: { a: { b: 1 } } }],
  ])('are not changed with %s', async (_case, body) => {
    await bot.call('POST', '/users', { externalId: 'ada' });
    expect((await bot.call('PATCH', '/users/ada', body)).status).toBe(400);
  });

  it.each([
    ['PATCH', ''],
    ['DELETE', ''],
    ['DELETE', '/personalinformation'],
    ['GET', '/clients'],
    ['GET', '/devices'],
  ])('that are not there are answered 404 to %s %s', async (method, path) => {
    const { status, body } = await bot.call(
      method,
      `/users/nobody${path}`,
      method === 'PATCH' ? {} : undefined,
    );
    expect([status, body.errors?.[0]?.code]).toEqual([404, 'user_not_found']);
  });

  it('of two brands may have one external id', async () => {
    await bot.call('POST', '/users', { externalId: 'ada', brandId: '1' });
    expect((await bot.call('POST', '/users', { externalId: 'ada', brandId: '2' })).status).toBe(
      201,
    );
    expect((await bot.call('POST', '/users', { externalId: 'ada', brandId: '2' })).status).toBe(
      409,
    );
    expect(await get('ada?brandId=2')).toMatchObject({ brandId: '2' });
    expect((await bot.call('GET', '/users/ada')).status).toBe(404);
  });

  it('are found by a proven e-mail address, not by what their profile says', async () => {
    await bot.call('POST', '/users', { profile: { email: 'ada@example.com' } });
    const list = () => bot.call('GET', '/users?filter[identities.email]=ada@example.com');
    expect((await list()).body.users).toEqual([]);
    const id = await signIn('ada');
    expect((await list()).body.users).toMatchObject([
      { id, identities: [{ type: 'email', value: 'ada@example.com' }] },
    ]);
    expect((await bot.call('GET', '/users')).status).toBe(400);
  });

  it('of a brand are found by their e-mail address with the brand only', async () => {
    const { body } = await bot.call('POST', '/users', { externalId: 'ada', brandId: '1' });
    const id = await signIn('ada', body.user?.id);
    const list = async (query: string) =>
      (await bot.call('GET', `/users?filter[identities.email]=ada@example.com${query}`)).body.users;
    expect(await list('&brandId=1')).toMatchObject([{ id, brandId: '1' }]);
    expect(await list('&brandId=2')).toEqual([]);
    expect(await list('')).toEqual([]);
  });

  it('are deleted with their conversations, and the bot hears of it', async () => {
    const { userId, conversationId } = visitor();
    expect((await bot.call('DELETE', `/users/${userId}`)).status).toBe(200);
    expect((await bot.call('GET', `/users/${userId}`)).status).toBe(404);
    expect((await bot.call('GET', `/conversations/${conversationId}`)).status).toBe(404);
    expect(await world.events()).toMatchObject([
      { type: 'user:remove', payload: { user: { id: userId } } },
    ]);
  });

  it('lose what is personal, and keep their conversations', async () => {
    const id = await signIn('ada');
    await bot.call('PATCH', `/users/${id}`, {
      profile: { surname: 'L', locale: 'en' },
      metadata: { plan: 'free' },
    });
    const { body } = await bot.call('DELETE', `/users/${id}/personalinformation`);
    expect(body.user).toMatchObject({ id, profile: { locale: 'en' }, metadata: {} });
    expect(body.user?.['profile']).toEqual({ locale: 'en' });
    const list = await bot.call('GET', `/conversations?filter[userId]=${id}`);
    expect(list.body.conversations).toHaveLength(1);
  });

  it('who sign in are authenticated, and the bot hears of it', async () => {
    const id = await signIn('ada');
    expect(await get(id)).toMatchObject({
      externalId: 'ada',
      authenticated: true,
      zendeskId: expect.any(String),
    });
    expect(await world.events()).toMatchObject([
      {
        type: 'user:update',
        payload: { reason: 'authentication', user: { id, authenticated: true } },
      },
    ]);
  });

  it('who sign in from a second browser are one', async () => {
    const known = await signIn('ada');
    const second = visitor();
    expect(await signIn('ada', second.userId)).toBe(known);
    expect((await bot.call('GET', `/users/${second.userId}`)).status).toBe(404);
    const list = await bot.call('GET', `/conversations?filter[userId]=${known}`);
    expect(list.body.conversations).toHaveLength(2);
    expect((await bot.call('GET', `/users/${known}/devices`)).body['devices']).toHaveLength(2);
    // Of one millisecond they may overtake one another.
    const events = await world.events();
    expect(events.toSorted((one, other) => one.type.localeCompare(other.type))).toMatchObject([
      {
        type: 'client:add',
        payload: {
          reason: 'sdkLogin',
          source: { type: 'web', integrationId: world.control.accounts()[0]?.webIntegrationId },
        },
      },
      {
        type: 'user:merge',
        payload: {
          reason: 'sdkLogin',
          mergedUsers: { surviving: { id: known }, discarded: { id: second.userId } },
        },
      },
      { type: 'user:update', payload: { reason: 'authentication' } },
    ]);
  });

  it('whose language is found out are updated once', async () => {
    const { conversationId, userId } = visitor();
    world.control.detectLocale(conversationId, 'de');
    world.control.detectLocale(conversationId, 'fr');
    expect(await get(userId)).toMatchObject({ profile: { locale: 'de' } });
    expect(await world.events()).toMatchObject([
      { type: 'user:update', payload: { reason: 'localeDetection', source: { type: 'web' } } },
    ]);
  });
});
