import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkRecordedCalls } from '../../../test/support/openapi/check.ts';
import { answerSchema } from '../support/answer-schema.ts';
import { CLIENT_ID, CLIENT_SECRET, startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

describe('the OAuth bridge', () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(async () => {
    vi.useRealTimers();
    await world.close();
  });

  function decide(fields: Record<string, string>) {
    return fetch(`${world.url}/sc/oauth/authorize`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        client_id: CLIENT_ID,
        response_type: 'code',
        account: 'acme',
        decision: 'allow',
        ...fields,
      }),
    });
  }

  async function obtainCode(account = 'acme'): Promise<string> {
    const response = await decide({ account });
    return locationOf(response).searchParams.get('code') ?? '';
  }

  function exchange(fields: Record<string, string>) {
    return fetch(`${world.url}/sc/oauth/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'authorization_code',
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        ...fields,
      }),
    });
  }

  async function tokenInfo(token: string) {
    return world.request(token, 'GET', '/sc/v2/tokenInfo');
  }

  it('redirects to the first registered URI when none is named', async () => {
    const response = await decide({ state: 'a b&c' });
    expect(response.status).toBe(302);
    const location = locationOf(response);
    expect(location.href.startsWith(`${world.redirectUri}?`)).toBe(true);
    expect(location.searchParams.get('state')).toBe('a b&c');
  });

  it('redirects to any URI that is registered exactly', async () => {
    const other = `${world.receiver.url}/other`;
    const response = await decide({ redirect_uri: other });
    expect(locationOf(response).href.startsWith(`${other}?code=`)).toBe(true);
  });

  it('sends back access_denied and the state when the admin denies', async () => {
    const response = await decide({ decision: 'deny', state: 's' });
    expect(locationOf(response).search).toBe('?error=access_denied&state=s');
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['a redirect URI that is only similar', { redirect_uri: 'http://localhost/oauth/' }],
    ['another response type', { response_type: 'token' }],
    ['an unknown account', { account: 'nobody' }],
    ['neither allow nor deny', { decision: 'perhaps' }],
  ])('shows a page and redirects nowhere for %s', async (_case, fields) => {
    const response = await decide(fields);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it('refuses a parameter given twice', async () => {
    const query = `client_id=${CLIENT_ID}&client_id=x&response_type=code`;
    const response = await fetch(`${world.url}/sc/oauth/authorize?${query}`);
    expect(response.status).toBe(400);
  });

  it('offers every account, escapes the state and lets the form end at the client', async () => {
    const query = new URLSearchParams({
      client_id: CLIENT_ID,
      response_type: 'code',
      state: '"><script>',
    });
    const response = await fetch(`${world.url}/sc/oauth/authorize?${query.toString()}`);
    const page = await response.text();
    expect(page).toContain('Acme Outdoor');
    expect(page).toContain('Old Mill');
    expect(page).not.toContain('"><script>');
    expect(response.headers.get('content-security-policy')).toContain(
      `form-action 'self' ${world.receiver.url}`,
    );
  });

  it('refuses a decision that another site made the browser send', async () => {
    const response = await fetch(`${world.url}/sc/oauth/authorize`, {
      method: 'POST',
      headers: { Origin: 'https://elsewhere.example' },
      body: new URLSearchParams({ client_id: CLIENT_ID, response_type: 'code', decision: 'allow' }),
    });
    expect(response.status).toBe(403);
  });

  it('exchanges a code for a token that looks like a JWT and opens the account', async () => {
    const response = await exchange({ code: await obtainCode() });
    expect(response.status).toBe(200);
    const { access_token: token = '' } = answerSchema.parse(await response.json());
    expect(token.split('.')).toHaveLength(3);
    const info = await tokenInfo(token);
    expect(info.body.app).toMatchObject({ displayName: 'Acme Outdoor', subdomain: 'acme' });
    checkRecordedCalls(world.control.calls);
  });

  it('takes a form as well as JSON', async () => {
    const response = await fetch(`${world.url}/sc/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        code: await obtainCode(),
        grant_type: 'authorization_code',
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
      }),
    });
    expect(response.status).toBe(200);
  });

  it('finds tokenInfo in any letter case', async () => {
    const { token } = world.install();
    expect((await world.request(token, 'GET', '/sc/v2/tokeninfo')).status).toBe(200);
  });

  it('leaves the subdomain of a legacy account out', async () => {
    const response = await exchange({ code: await obtainCode('old-mill') });
    const { access_token: token = '' } = answerSchema.parse(await response.json());
    expect((await tokenInfo(token)).body.app).not.toHaveProperty('subdomain');
  });

  it('takes a code once only', async () => {
    const code = await obtainCode();
    expect((await exchange({ code })).status).toBe(200);
    expect((await exchange({ code })).status).toBe(400);
  });

  it('refuses a code after five minutes', async () => {
    const code = await obtainCode();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * 60_000 });
    expect((await exchange({ code })).status).toBe(400);
  });

  it.each([
    ['an unknown code', { code: 'guessed' }, 400],
    ['a wrong secret', { client_secret: 'guessed' }, 401],
    ['another grant type', { grant_type: 'refresh_token' }, 400],
    ['a field that is not documented', { redirect_uri: 'http://localhost/oauth' }, 400],
  ])('refuses %s', async (_case, fields, status) => {
    const response = await exchange({ code: await obtainCode(), ...fields });
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('errors');
  });

  it('words refusals as RFC 6749 does when that fault is armed', async () => {
    world.control.armFault({ kind: 'oauthErrors' });
    const response = await exchange({ code: 'guessed' });
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('keeps the integration and the older token when installed again', async () => {
    const first = world.install();
    const second = world.install();
    expect(second.token).not.toBe(first.token);
    expect((await tokenInfo(first.token)).status).toBe(200);
    expect(world.control.installations()).toHaveLength(1);
  });

  it('answers 401 to a token it never issued', async () => {
    const info = await tokenInfo('a.b.c');
    expect(info.status).toBe(401);
    expect(info.body).toEqual({
      errors: [{ code: 'unauthorized', title: 'Authorization is required' }],
    });
  });
});

function locationOf(response: Response): URL {
  return new URL(response.headers.get('location') ?? '');
}
