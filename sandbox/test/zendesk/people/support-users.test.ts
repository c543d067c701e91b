import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../../support/start-world.ts';
import type { World } from '../../support/start-world.ts';

describe('users synchronized with Zendesk Support', () => {
  let world: World;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening('acme', ['user:update', 'user:merge']);
  });

  afterEach(() => world.close());

  const get = async (id: string) => (await bot.call('GET', `/users/${id}`)).body.user;

  async function signIn(externalId: string) {
    const { userId } = world.control.createConversation({ account: 'acme' });
    const identity = { externalId, name: 'Ada', email: `${externalId}@example.com` };
    return world.control.signIn({ userId, ...identity });
  }

  const sync = (id: unknown, body?: Record<string, unknown>) =>
    bot.call('POST', `/users/${String(id)}/sync`, body);

  it('follow a new name, external id and e-mail address', async () => {
    const user = await get(await signIn('ada'));
    world.control.changeSupportUser(String(user?.['zendeskId']), {
      givenName: 'Augusta',
      surname: 'King',
      externalId: 'countess',
      email: 'countess@example.com',
    });
    const { status, body } = await sync(user?.['zendeskId']);
    expect(status).toBe(200);
    expect(body.user).toMatchObject({
      externalId: 'countess',
      profile: { givenName: 'Augusta', surname: 'King' },
      identities: [{ value: 'countess@example.com' }],
    });
    expect((await bot.call('GET', '/users/ada')).status).toBe(404);
    expect((await world.events()).at(-1)).toMatchObject({ type: 'user:update' });
  });

  it('take in whoever had that external id and is nobody to Support', async () => {
    const user = await get(await signIn('ada'));
    await bot.call('POST', '/users', { externalId: 'countess' });
    world.control.changeSupportUser(String(user?.['zendeskId']), { externalId: 'countess' });
    await sync(user?.['zendeskId']);
    expect((await get('countess'))?.id).toBe(user?.id);
    expect((await world.events()).map(({ type }) => type)).toContain('user:merge');
  });

  it('take the external id from whoever Support knows as another', async () => {
    const ada = await get(await signIn('ada'));
    const eve = await get(await signIn('eve'));
    world.control.changeSupportUser(String(ada?.['zendeskId']), { externalId: 'eve' });
    await sync(ada?.['zendeskId']);
    expect((await get('eve'))?.id).toBe(ada?.id);
    expect(await get(eve?.id ?? '')).not.toHaveProperty('externalId');
  });

  it('become one where they did so in Support', async () => {
    const ada = await get(await signIn('ada'));
    const eve = await get(await signIn('eve'));
    const { body } = await sync(eve?.['zendeskId'], { survivingZendeskId: ada?.['zendeskId'] });
    expect(body.user?.id).toBe(ada?.id);
    expect((await bot.call('GET', `/users/${eve?.id}`)).status).toBe(404);
    expect((await world.events()).findLast(({ type }) => type === 'user:merge')).toMatchObject({
      payload: { reason: 'api', mergedConversations: { surviving: {}, discarded: {} } },
    });
  });

  it('have to be known there', async () => {
    expect((await sync('404')).status).toBe(404);
    const ada = await get(await signIn('ada'));
    expect((await sync(ada?.['zendeskId'], { survivingZendeskId: '404' })).status).toBe(404);
  });
});
