import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APP, CHALLENGE, VERIFIER, startZoom, tokensSchema } from './support/start-zoom.ts';
import type { ZoomWorld } from './support/start-zoom.ts';

describe('exchanging a code at Zoom', () => {
  let world: ZoomWorld;

  beforeEach(async () => {
    world = await startZoom();
  });

  afterEach(async () => {
    vi.useRealTimers();
    await world.close();
  });

  it('exchanges a code for tokens that work', async () => {
    const response = await world.exchange(await world.obtainCode());
    expect(response.status).toBe(200);
    const body: unknown = await response.json();
    expect(body).toMatchObject({
      token_type: 'bearer',
      expires_in: 3600,
      scope: 'user:read:user meeting:write:meeting meeting:read:meeting',
      api_url: `${world.url}/zoom`,
    });
    const { access_token: token } = tokensSchema.parse(body);
    expect((await world.api(token, 'GET', '/users/me')).status).toBe(200);
    expect(world.zoom.grants()).toMatchObject([{ clientId: APP.clientId, userId: world.owner.id }]);
  });

  it('takes the client’s credentials and the fields from the query or the body as well', async () => {
    const code = await world.obtainCode();
    const query = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: world.redirectUri,
    });
    const response = await fetch(`${world.url}/zoom/oauth/token?${query.toString()}`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: APP.clientId, client_secret: APP.clientSecret }),
    });
    expect(response.status).toBe(200);
  });

  it('does not decode Basic: a client that percent-encodes its id is refused', async () => {
    const encoded = { ...APP, clientId: APP.clientId.replace('-', '%2D').replace('_', '%5F') };
    const response = await world.oauth('token', { grant_type: 'refresh_token' }, encoded);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      reason: 'Invalid client_id or client_secret',
      error: 'invalid_client',
    });
  });

  it('takes the verifier that belongs to an S256 challenge', async () => {
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    const code = await world.obtainCode(pkce);
    expect((await world.exchange(code, { code_verifier: VERIFIER })).status).toBe(200);
  });

  it('understands a challenge without a method as plain', async () => {
    const code = await world.obtainCode({ code_challenge: VERIFIER });
    expect((await world.exchange(code, { code_verifier: VERIFIER })).status).toBe(200);
  });

  it.each([
    ['no verifier', { code_challenge: CHALLENGE, code_challenge_method: 'S256' }, {}],
    [
      'another verifier',
      { code_challenge: CHALLENGE, code_challenge_method: 'S256' },
      { code_verifier: `${VERIFIER}x` },
    ],
    ['a verifier without a challenge', {}, { code_verifier: VERIFIER }],
    [
      'a verifier outside the alphabet',
      { code_challenge: CHALLENGE, code_challenge_method: 'S256' },
      { code_verifier: `${VERIFIER} ` },
    ],
  ])('refuses %s', async (_case, challenge, verifier) => {
    const response = await world.exchange(await world.obtainCode(challenge), verifier);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('takes a code once only', async () => {
    const code = await world.obtainCode();
    expect((await world.exchange(code)).status).toBe(200);
    const again = await world.exchange(code);
    expect(again.status).toBe(400);
    expect(await again.json()).toEqual({
      reason: 'Invalid authorization code.',
      error: 'invalid_grant',
    });
  });

  it('refuses a code after five minutes', async () => {
    const code = await world.obtainCode();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * 60_000 });
    expect((await world.exchange(code)).status).toBe(400);
  });

  it.each([
    ['another redirect URI', { redirect_uri: 'http://localhost/callback/' }, 'invalid_request'],
    ['an unknown code', { code: 'guessed' }, 'invalid_grant'],
    ['an unknown grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['the other app type’s grant', { grant_type: 'account_credentials' }, 'unsupported_grant_type'],
    [
      'a refresh token never issued',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      'invalid_grant',
    ],
    ['a refresh without a token', { grant_type: 'refresh_token' }, 'invalid_request'],
  ])('refuses %s with reason and error', async (_case, fields, error) => {
    const response = await world.exchange(await world.obtainCode(), fields);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ reason: expect.any(String), error });
  });

  it('refuses a request without grant type or without credentials', async () => {
    expect(await (await world.oauth('token', {})).json()).toMatchObject({
      reason: 'Missing grant type.',
    });
    const response = await fetch(`${world.url}/zoom/oauth/token`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });
});
