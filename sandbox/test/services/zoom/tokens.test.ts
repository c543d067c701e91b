import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APP, SERVER_APP, startZoom, tokensSchema } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

describe('tokens of Zoom', () => {
  let world: ZoomWorld;

  beforeEach(async () => {
    world = await startZoom();
  });

  afterEach(async () => {
    vi.useRealTimers();
    await world.close();
  });

  const isAlive = async (token: string) => {
    const answer = await world.api(token, 'GET', '/users/me');
    return answer.status === 200;
  };

  it('gives a new refresh token each time, and the old one is dead at once', async () => {
    const first = await world.connect();
    const second = tokensSchema.parse(await (await world.refresh(first.refresh_token)).json());
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const dead = await world.refresh(first.refresh_token);
    expect(dead.status).toBe(400);
    expect(await dead.json()).toEqual({ reason: 'Invalid Token!', error: 'invalid_grant' });
    expect((await world.refresh(second.refresh_token)).status).toBe(200);
    expect(await isAlive(first.access_token)).toBe(true);
  });

  it('does not renew one app’s token for another', async () => {
    const { refresh_token } = await world.connect();
    const other = { clientId: 'other-app_1', clientSecret: 'secret' };
    world.registerZoomApp({
      ...other,
      name: 'Other',
      redirectUris: ['https://x.example'],
      scopes: [],
    });
    const fields = { grant_type: 'refresh_token', refresh_token };
    expect((await world.oauth('token', fields, other)).status).toBe(400);
    expect((await world.refresh(refresh_token)).status).toBe(200);
  });

  it('loses the grant when the answer to a refresh is lost', async () => {
    const { refresh_token } = await world.connect();
    world.control.armFault({ kind: 'dropAnswer', operation: 'ZoomToken' });
    await expect(world.refresh(refresh_token)).rejects.toThrow('fetch failed');
    expect((await world.refresh(refresh_token)).status).toBe(400);
  });

  it('ends the earlier tokens when the same user allows the same app again', async () => {
    const first = await world.connect();
    const second = await world.connect();
    expect(await isAlive(first.access_token)).toBe(false);
    expect(await (await world.refresh(first.refresh_token)).json()).toEqual({
      reason: 'The token has been revoked.',
      error: 'invalid_grant',
    });
    expect(await isAlive(second.access_token)).toBe(true);
    expect(world.zoom.grants()).toHaveLength(1);
  });

  it('keeps another user’s tokens when a user allows the app', async () => {
    const first = await world.connect();
    await world.connect({ user: world.admin.id });
    expect(await isAlive(first.access_token)).toBe(true);
  });

  it('refuses an access token after an hour', async () => {
    const { access_token: token } = await world.connect();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    const answer = await world.api(token, 'GET', '/users/me');
    expect(answer).toMatchObject({
      status: 401,
      body: { code: 124, message: 'Invalid access token.' },
    });
  });

  it('expires and kills tokens when a test wants it', async () => {
    const first = await world.connect();
    world.zoom.expireAccessTokens();
    expect(await isAlive(first.access_token)).toBe(false);
    const second = tokensSchema.parse(await (await world.refresh(first.refresh_token)).json());
    world.zoom.killRefreshToken(world.owner.id);
    expect((await world.refresh(second.refresh_token)).status).toBe(400);
    expect(await isAlive(second.access_token)).toBe(true);
  });

  it('gives a Server-to-Server app a token for its account, without a refresh token', async () => {
    const response = await world.requestServerToken();
    expect(response.status).toBe(200);
    const body: unknown = await response.json();
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
    expect(body).not.toHaveProperty('refresh_token');
    const { access_token: token } = tokensSchema.parse(body);
    expect((await world.api(token, 'GET', '/users')).status).toBe(200);
  });

  it('refuses a Server-to-Server token for another account or to a General app', async () => {
    const wrong = await world.requestServerToken('another');
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      { reason: 'Bad Request', error: 'invalid_request' },
    ]);
    const general = await world.requestServerToken(world.zoomAccountId, APP);
    expect(await general.json()).toMatchObject({ error: 'unsupported_grant_type' });
  });

  it('stops the tokens of an app while it is deactivated', async () => {
    const { access_token: token } = await world.connectServer();
    world.zoom.setActive(SERVER_APP.clientId, false);
    const refused = await world.requestServerToken();
    expect(await refused.json()).toEqual({
      reason: 'The app has been disabled',
      error: 'invalid_client',
    });
    expect((await world.api(token, 'GET', '/users')).status).toBe(401);
    world.zoom.setActive(SERVER_APP.clientId, true);
    expect((await world.api(token, 'GET', '/users')).status).toBe(200);
  });

  it('revokes both tokens, from the query or the form, and answers success', async () => {
    const { access_token: token, refresh_token } = await world.connect();
    const response = await world.oauth(`revoke?token=${token}`, {});
    expect([response.status, await response.json()]).toEqual([200, { status: 'success' }]);
    expect(await isAlive(token)).toBe(false);
    expect((await world.refresh(refresh_token)).status).toBe(400);
    expect(world.zoom.grants()).toEqual([]);

    const server = await world.connectServer();
    const form = await world.oauth('revoke', { token: server.access_token }, SERVER_APP);
    expect(form.status).toBe(200);
    expect((await world.api(server.access_token, 'GET', '/users')).status).toBe(401);
  });

  it('does not revoke what is not the app’s own', async () => {
    const { access_token: token } = await world.connect();
    for (const response of [
      await world.oauth('revoke', { token }, SERVER_APP),
      await world.oauth('revoke', { token }, { ...APP, clientSecret: 'guessed' }),
      await world.oauth('revoke', { token: 'guessed' }),
    ])
      expect(response.status).toBe(400);
    expect(await isAlive(token)).toBe(true);
  });
});

describe('registering a Zoom app', () => {
  it('takes no client id that Basic would not change, and no foreign account', async () => {
    const world = await startZoom();
    const app = { clientSecret: 's', name: 'Plain', scopes: [] };
    expect(() =>
      world.registerZoomApp({ ...app, clientId: 'plain', redirectUris: ['https://x.example'] }),
    ).toThrow('contain - and _');
    expect(() =>
      world.registerZoomServerApp({ ...app, clientId: 'a-b_c', accountId: 'another' }),
    ).toThrow(world.zoomAccountId);
    await world.close();
  });
});
