import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRecordedCalls } from '../../../test/support/openapi/check.ts';
import { CLIENT_ID, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

describe('users and conversations', () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.close());

  it('creates a user once and finds it by either id', async () => {
    const { call } = world.install();
    const created = await call('POST', '/users', { externalId: 'sample 1' });
    expect(created.status).toBe(201);
    const again = await call('POST', '/users', { externalId: 'sample 1' });
    expect(again.status).toBe(409);
    expect(again.body.errors?.[0]?.code).toBe('conflict');
    const id = created.body.user?.id;
    expect((await call('GET', `/users/${id}`)).body.user?.externalId).toBe('sample 1');
    expect((await call('GET', '/users/sample%201')).body.user?.id).toBe(id);
    expect((await call('GET', '/users/nobody')).body.errors?.[0]?.code).toBe('user_not_found');
    checkRecordedCalls(world.control.calls);
  });

  it('creates, shows, changes and lists personal conversations', async () => {
    const { call } = world.installListening();
    await call('POST', '/users', { externalId: 'sample' });
    const created = await call('POST', '/conversations', {
      type: 'personal',
      participants: [{ userExternalId: 'sample' }],
    });
    expect(created.status).toBe(201);
    const id = created.body.conversation?.id;
    expect(created.body.conversation).toMatchObject({
      activeSwitchboardIntegration: { integrationType: CLIENT_ID },
    });
    const changed = await call('PATCH', `/conversations/${id}`, { displayName: 'Tents' });
    expect(changed.body.conversation?.displayName).toBe('Tents');
    const list = await call('GET', '/conversations?filter[userExternalId]=sample');
    expect(list.body.conversations).toEqual([changed.body.conversation]);
    checkRecordedCalls(world.control.calls);
    const [event] = await world.events();
    expect(event).toMatchObject({
      type: 'conversation:create',
      payload: { creationReason: 'none', user: { externalId: 'sample' } },
    });
  });

  it.each([
    ['no participant', { type: 'personal' }, 400],
    ['an unknown type', { type: 'group', participants: [{ userExternalId: 'x' }] }, 400],
    ['an unknown user', { type: 'personal', participants: [{ userExternalId: 'x' }] }, 404],
  ])('refuses a conversation with %s', async (_case, body, status) => {
    expect((await world.install().call('POST', '/conversations', body)).status).toBe(status);
  });

  it.each([
    ['', 400],
    ['?filter[userId]=x&filter[userExternalId]=y', 400],
    ['?filter[userId]=x', 404],
    ['?filter[userId]=x&page[size]=101', 400],
    ['?filter[userId]=x&filter[userId]=y', 400],
  ])('answers a list with the query "%s" with %i', async (query, status) => {
    expect((await world.install().call('GET', `/conversations${query}`)).status).toBe(status);
  });

  it('pages through the conversations of a user', async () => {
    const { token, host, appId } = world.install();
    for (let n = 0; n < 5; n += 1) {
      world.control.createConversation({ account: 'acme', userExternalId: 'many' });
    }
    const list = `${host}/v2/apps/${appId}/conversations`;
    const seen: string[] = [];
    let path: string | undefined = `${list}?filter[userExternalId]=many&page[size]=2`;
    while (path !== undefined) {
      const { body } = await world.request(token, 'GET', path);
      for (const { id } of body.conversations ?? []) seen.push(id);
      expect(body.meta?.hasMore).toBe(body.links?.next !== undefined);
      path = body.links?.next?.slice(world.url.length);
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  it('keeps the conversations of one account from the bots of another', async () => {
    world.install();
    const bloom = world.install({ account: 'bloom' });
    const { conversationId, appId } = world.control.createConversation({ account: 'acme' });
    const own = await bloom.call('GET', `/conversations/${conversationId}`);
    expect(own.body.errors?.[0]?.code).toBe('conversation_not_found');
    const foreign = `/accounts/acme/sc/v2/apps/${appId}/conversations/${conversationId}`;
    expect((await world.request(bloom.token, 'GET', foreign)).status).toBe(403);
  });

  it('serves legacy accounts at their own host and nobody else there', async () => {
    const legacy = world.install({ account: 'old-mill' });
    const acme = world.install();
    expect((await legacy.call('POST', '/users', {})).status).toBe(201);
    const wrongHost = await world.request(
      legacy.token,
      'GET',
      `/accounts/old-mill/sc/v2/apps/${legacy.appId}/users/x`,
    );
    expect(wrongHost.status).toBe(403);
    const acmeThere = await world.request(
      acme.token,
      'GET',
      `/legacy/v2/apps/${acme.appId}/users/x`,
    );
    expect(acmeThere.status).toBe(403);
  });

  it.each(['/sc/nothing', '/accounts/acme/sc/v2/nothing', '/legacy/v2/nothing'])(
    'answers route_not_found at %s',
    async (path) => {
      const { status, body } = await world.request('', 'GET', path);
      expect(status).toBe(404);
      expect(body.errors?.[0]?.code).toBe('route_not_found');
    },
  );

  it.each([
    ['as text', { 'Content-Type': 'text/plain' }, '{}', 'There is no JSON body'],
    ['as a list', { 'Content-Type': 'application/json' }, '[]', 'Invalid input: expected object'],
  ])('says what is wrong with a body sent %s', async (_how, type, body, title) => {
    const { token, host, appId } = world.install();
    const headers = { Authorization: `Bearer ${token}`, ...type };
    const url = `${world.url}${host}/v2/apps/${appId}/users`;
    const response = await fetch(url, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ code: 'bad_request', title: expect.stringMatching(new RegExp(`^${title}`)) }] },
    ]);
  });

  it.each([
    ['{"externalId":', 400],
    [JSON.stringify({ externalId: 'x'.repeat(110_000) }), 413],
  ])('refuses a body that is broken or too large', async (body, status) => {
    const { token, appId } = world.install();
    const response = await fetch(`${world.url}/accounts/acme/sc/v2/apps/${appId}/users`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('errors');
  });
});
