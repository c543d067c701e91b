import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APP, startZoom } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

describe('Zoom’s API', () => {
  let world: ZoomWorld;
  let token: string;
  let serverToken: string;

  beforeEach(async () => {
    world = await startZoom();
    token = (await world.connect()).access_token;
    serverToken = (await world.connectServer()).access_token;
  });

  afterEach(() => world.close());

  it('tells a user who they are', async () => {
    const { status, body } = await world.api(token, 'GET', '/users/me');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: world.owner.id,
      email: 'owner@zoom.example',
      display_name: 'Zoom Owner',
      type: 2,
      role_name: 'Owner',
      account_id: world.zoomAccountId,
    });
  });

  it('lets a user’s token say nothing but me', async () => {
    const { status, body } = await world.api(token, 'GET', `/users/${world.owner.id}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 4700 });
  });

  it('lets a Server-to-Server token name users by id or e-mail but not say me', async () => {
    for (const name of [world.owner.id, world.owner.email]) {
      const created = await world.api(serverToken, 'POST', `/users/${name}/meetings`, {});
      expect(created.status).toBe(201);
    }
    for (const name of ['me', 'nobody']) {
      const { status, body } = await world.api(serverToken, 'POST', `/users/${name}/meetings`, {});
      expect([status, body]).toEqual([
        404,
        { code: 1001, message: `User does not exist: ${name}.` },
      ]);
    }
  });

  it('lists the users of the account in pages', async () => {
    const first = await world.api(serverToken, 'GET', '/users?page_size=2');
    expect(first.body).toMatchObject({ page_size: 2, total_records: 3, next_page_token: '2' });
    const rest = await world.api(serverToken, 'GET', '/users?page_size=2&next_page_token=2');
    expect(rest.body).toMatchObject({
      next_page_token: '',
      users: [{ email: 'member@zoom.example' }],
    });
  });

  it('says which scope is missing, with status 400', async () => {
    const { status, body } = await world.api(token, 'GET', '/users');
    expect(status).toBe(400);
    expect(body).toEqual({
      code: 4711,
      message: 'Invalid access token, does not contain scopes:[user:read:list_users:admin].',
    });
    const own = await world.api(serverToken, 'GET', `/users/${world.owner.id}`);
    expect(own.body).toMatchObject({
      code: 4711,
      message: expect.stringContaining('user:read:user'),
    });
  });

  it('lets tokens keep their scopes when the app’s change', async () => {
    world.zoom.setScopes(APP.clientId, ['user:read:user']);
    expect((await world.api(token, 'POST', '/users/me/meetings', {})).status).toBe(201);
    const again = await world.connect();
    const refused = await world.api(again.access_token, 'POST', '/users/me/meetings', {});
    expect(refused.body).toMatchObject({ code: 4711 });
  });

  it('takes the classic scopes of older apps, too', async () => {
    world.zoom.setScopes(APP.clientId, ['user:read:admin', 'meeting:write']);
    const { access_token: classic } = await world.connect();
    expect((await world.api(classic, 'GET', '/users')).status).toBe(200);
    expect((await world.api(classic, 'GET', `/users/${world.admin.id}`)).status).toBe(200);
    expect((await world.api(classic, 'POST', '/users/me/meetings', {})).status).toBe(201);
  });

  it('sends a tracking id and the rate limit with every answer', async () => {
    for (const path of ['/users/me', '/meetings/1', '/users']) {
      const { headers } = await world.api(token, 'GET', path);
      expect(headers.get('x-zm-trackingid')).toMatch(/^WEB_/);
      expect(headers.get('x-ratelimit-category')).toMatch(/^(Light|Medium)$/);
      expect(headers.get('x-ratelimit-type')).toBe('QPS');
    }
  });

  it('answers in JSON what it does not know or cannot read', async () => {
    const unknown = await world.api(token, 'GET', '/webinars');
    expect([unknown.status, unknown.body]).toMatchObject([404, { code: 2300 }]);
    const response = await fetch(`${world.url}/zoom/v2/users/me/meetings`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: '{"topic":',
    });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 300 }]);
  });

  it.each([
    ['no token', undefined],
    ['a guessed token', 'Bearer guessed'],
  ])('answers 401 with code 124 to %s', async (_case, authorization) => {
    const response = await fetch(`${world.url}/zoom/v2/users/me`, {
      headers: authorization === undefined ? {} : { Authorization: authorization },
    });
    expect([response.status, await response.json()]).toMatchObject([401, { code: 124 }]);
  });
});
