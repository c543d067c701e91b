import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  APP,
  PKCE,
  REDIRECT_URI,
  VERIFIER,
  startZocks,
  tokensSchema,
} from './support/start-zocks.ts';
import type { ZocksWorld } from './support/start-zocks.ts';

describe('Zocks', () => {
  let world: ZocksWorld;

  beforeEach(async () => {
    world = await startZocks();
  });

  afterEach(() => world.close());

  it('asks the user, showing the app and the scopes it wants', async () => {
    const query = new URLSearchParams({
      client_id: APP.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'meetings.read',
    });
    const response = await fetch(`${world.url}/zocks/oauth/authorize?${query.toString()}`);
    const page = await response.text();
    for (const text of ['Note Bot', 'meetings.read', 'Zocks Adviser', 'not Zocks<'])
      expect(page).toContain(text);
    expect(page).not.toContain('contacts.read');
  });

  it('shows the credentials to paste', async () => {
    const page = await (await fetch(`${world.url}/zocks`)).text();
    for (const value of Object.values(APP)) expect(page).toContain(`data-copy="${value}"`);
    expect(await (await fetch(world.url)).text()).toContain('href="/zocks"');
  });

  it('gives tokens for a code, and the API says who the user is', async () => {
    const tokens = await world.connect();
    expect(tokens.scope).toBe('profile meetings.read contacts.read');
    const response = await world.getMe(tokens.access_token);
    expect(await response.json()).toMatchObject({
      name: 'Zocks Adviser',
      account: { name: 'Example Advisers' },
    });
    expect(world.zocks.calls.map(({ operation }) => operation)).toEqual([
      'ZocksToken',
      'ZocksGetMe',
    ]);
  });

  it('grants the scopes asked for and no more', async () => {
    const code = await world.obtainCode({ scope: 'contacts.read' });
    const { scope } = tokensSchema.parse(await (await world.exchange(code)).json());
    expect(scope).toBe('contacts.read');
    expect((await world.decide({ scope: 'contacts.write' })).status).toBe(400);
  });

  it('takes the client’s credentials from the body, too', async () => {
    const response = await fetch(`${world.url}/zocks/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: await world.obtainCode(PKCE),
        code_verifier: VERIFIER,
        redirect_uri: REDIRECT_URI,
        client_id: APP.clientId,
        client_secret: APP.clientSecret,
      }),
    });
    expect(response.status).toBe(200);
  });

  it('sends back access_denied and the state when the user denies', async () => {
    const location =
      (await world.decide({ decision: 'deny', state: 's' })).headers.get('location') ?? '';
    const query = new URL(location).searchParams;
    expect([query.get('error'), query.get('state')]).toEqual(['access_denied', 's']);
  });

  it('redirects nowhere but to a registered URI', async () => {
    const response = await world.decide({ redirect_uri: `${REDIRECT_URI}/` });
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it.each([
    ['an unknown code', { code: 'guessed' }, 'invalid_grant'],
    ['another redirect URI', { redirect_uri: `${REDIRECT_URI}/` }, 'invalid_grant'],
    ['a wrong verifier', { code_verifier: `${VERIFIER}x` }, 'invalid_grant'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['a missing field', { grant_type: 'refresh_token' }, 'invalid_request'],
  ])('refuses %s as RFC 6749 words it', async (_case, fields, error) => {
    const code = await world.obtainCode(PKCE);
    const response = await world.exchange(code, { code_verifier: VERIFIER, ...fields });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error, error_description: expect.any(String) });
  });

  it('names what is missing where the fields come as JSON, which it does not read', async () => {
    const pair = `${APP.clientId}:${encodeURIComponent(APP.clientSecret)}`;
    const response = await fetch(`${world.url}/zocks/oauth/token`, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ grant_type: 'refresh_token', refresh_token: 'x' }),
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'Missing or not valid: grant_type.' },
    ]);
  });

  it('refuses a wrong secret with 401 and a challenge', async () => {
    const response = await world.oauth('token', {}, { ...APP, clientSecret: 'guessed' });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('replaces the refresh token at each use', async () => {
    const first = await world.connect();
    const second = tokensSchema.parse(await (await world.refresh(first.refresh_token)).json());
    const dead = await world.refresh(first.refresh_token);
    expect([dead.status, await dead.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    expect((await world.refresh(second.refresh_token)).status).toBe(200);
  });

  it('lets a user allow the app twice without ending the first', async () => {
    const first = await world.connect();
    await world.connect();
    expect((await world.getMe(first.access_token)).status).toBe(200);
    expect(world.zocks.grants()).toHaveLength(2);
  });

  it.each(['access_token', 'refresh_token'] as const)(
    'revokes everything by the %s, and unknown tokens count as revoked',
    async (kind) => {
      const tokens = await world.connect();
      expect((await world.oauth('revoke', { token: tokens[kind] })).status).toBe(200);
      const refused = await world.getMe(tokens.access_token);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toContain('invalid_token');
      expect((await world.refresh(tokens.refresh_token)).status).toBe(400);
      expect((await world.oauth('revoke', { token: tokens[kind] })).status).toBe(200);
    },
  );

  it('does not call a token revoked that it was not given', async () => {
    const { access_token: token } = await world.connect();
    const response = await world.oauth('revoke', { access_token: token });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
    expect((await world.getMe(token)).status).toBe(200);
  });

  it('revokes nothing for a stranger', async () => {
    const { access_token: token } = await world.connect();
    const response = await world.oauth('revoke', { token }, { ...APP, clientSecret: 'guessed' });
    expect(response.status).toBe(401);
    expect((await world.getMe(token)).status).toBe(200);
  });

  it('ends silently when the user is deactivated, and access tokens when a test wants it', async () => {
    const tokens = await world.connect();
    world.zocks.expireAccessTokens();
    expect((await world.getMe(tokens.access_token)).status).toBe(401);
    const fresh = tokensSchema.parse(await (await world.refresh(tokens.refresh_token)).json());
    world.zocks.deactivateUser(world.adviser.id);
    expect((await world.getMe(fresh.access_token)).status).toBe(401);
    expect((await world.refresh(fresh.refresh_token)).status).toBe(400);
  });

  it('can be made to fail', async () => {
    const fault = { kind: 'answer', operation: 'ZocksToken', status: 503, retryAfter: 2 } as const;
    world.control.armFault(fault);
    const response = await world.refresh('any');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await response.json()).toMatchObject({ error: 'server_error' });
  });
});
