import type { RequestListener } from 'node:http';
import { ClientSecretPost } from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createOAuthCalls } from '../../server/connections/create-oauth-calls.ts';
import { explainAuthorizationError } from '../../server/installations/explain-authorization-error.ts';
import { expiryOf } from '../../server/oauth/token-answer.ts';
import { RemoteError } from '../../server/remote-error.ts';
import { createAuthorization } from '../../server/zendesk/authorization.ts';
import { serve } from '../support/serve.ts';

let close = () => {};
afterEach(() => close());

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}

/** A token endpoint that says this to everybody, and both of our clients for it. */
async function openEndpoint({ status = 200, headers = {}, body }: Answer) {
  const handle: RequestListener = (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
  };
  const place = await serve(handle);
  close = place.close;
  const fetch = (_operation: string, url: string, init: RequestInit) => globalThis.fetch(url, init);
  const oauth = createOAuthCalls({
    authorizeUrl: `${place.url}/authorize`,
    tokenUrl: `${place.url}/token`,
    authenticate: ClientSecretPost,
    timeoutMs: 5_000,
    fetch,
  });
  const client = { clientId: 'id', clientSecret: 'a-client-secret' };
  const zendesk = createAuthorization({
    oauthUrl: place.url,
    client: { id: 'id', secret: 'a-client-secret' },
    redirectUri: 'http://localhost/oauth',
    headers: {},
    timeoutMs: 5_000,
    fetch,
  });
  const redirectUri = 'http://localhost/connections/callback/x';
  return [
    () => zendesk.exchangeCode('code-of-a-test'),
    () =>
      oauth.exchange({ client, redirectUri, code: 'code-of-a-test', codeVerifier: 'v'.repeat(43) }),
    () => oauth.refresh(client, 'old-refresh-token'),
    () => oauth.requestToken(client, 'account_credentials', {}),
  ];
}

const granted = (members: string) => ({ body: `{"access_token":"access"${members}}` });
const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60_000;

describe('an answer with tokens', () => {
  it.each([
    ['no token_type', ''],
    ['a token_type of its own', ',"token_type":"mac"'],
    ['a token_type that is null', ',"token_type":null'],
    ['a scope that is null', ',"scope":null'],
    ['no scopes', ',"scope":[]'],
    ['a list of scopes', ',"scope":["a","b"]'],
    ['a scope that is a map', ',"scope":{"a":true}'],
    ['a refresh token that is null', ',"refresh_token":null'],
    ['an empty refresh token', ',"refresh_token":""'],
    ['a lifetime that is null', ',"expires_in":null'],
    ['a lifetime in words', ',"expires_in":"soon"'],
    ['a negative lifetime', ',"expires_in":-1'],
    ['an id token that is none', ',"id_token":"not.a.token"'],
    ['an id token that is null', ',"id_token":null'],
    ['an id token that is a map', ',"id_token":{}'],
    ['an address that is a number', ',"api_url":7'],
  ])('is used with %s', async (_what, members) => {
    for (const ask of await openEndpoint(granted(members)))
      expect(await ask()).toEqual({ accessToken: 'access' });
  });

  it.each([
    ['3600', 3_600_000],
    ['"3600"', 3_600_000],
    ['3599.7', 3_600_000],
    ['0', 0],
    ['9223372036854775807', TEN_YEARS_MS],
  ])('has a lifetime of %s', async (seconds, expiresInMs) => {
    const members = `,"expires_in":${seconds},"refresh_token":"new","id_token":[]`;
    for (const ask of await openEndpoint(granted(members)))
      expect(await ask()).toEqual({ accessToken: 'access', refreshToken: 'new', expiresInMs });
  });

  it('may come with another 2xx than 200, or with a content type of its own', async () => {
    const odd = { ...granted(''), status: 201, headers: { 'Content-Type': 'text/plain' } };
    for (const ask of await openEndpoint(odd))
      expect(await ask()).toEqual({ accessToken: 'access' });
  });
});

describe('an answer that refuses', () => {
  it.each<[string, Answer, Partial<RemoteError>]>([
    [
      'with a challenge beside it (401)',
      {
        status: 401,
        headers: { 'WWW-Authenticate': 'Basic realm="oauth"' },
        body: '{"error":"invalid_client"}',
      },
      { status: 401, code: 'invalid_client' },
    ],
    [
      'with a challenge beside it (400)',
      {
        status: 400,
        headers: { 'WWW-Authenticate': 'Bearer' },
        body: '{"error":"invalid_grant","error_description":null}',
      },
      { status: 400, code: 'invalid_grant' },
    ],
    [
      'in the challenge alone',
      { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_client"' }, body: '' },
      { status: 401, code: 'invalid_client' },
    ],
    [
      'with a list of messages',
      { status: 400, body: '{"error":"invalid_grant","message":["used","old"]}' },
      { status: 400, code: 'invalid_grant', reason: 'used; old' },
    ],
    [
      'inside an object',
      { status: 400, body: '{"error":{"code":"invalid_grant"}}' },
      { status: 400, code: 'invalid_grant' },
    ],
    [
      'with status 200',
      { body: '{"error":"invalid_grant","error_description":"used"}' },
      { status: 400, code: 'invalid_grant', reason: 'used' },
    ],
  ])('%s is read as what it is', async (_what, answer, expected) => {
    for (const ask of await openEndpoint(answer)) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RemoteError);
      expect(error).toMatchObject(expected);
    }
  });

  it('and repeats what it was sent tells nobody', async () => {
    const words = 'code-of-a-test and old-refresh-token of a-client-secret are bad';
    const body = JSON.stringify({ error: 'invalid_grant', error_description: words });
    const [installs, connects, refreshes] = await openEndpoint({ status: 400, body });
    const messageOf = async (ask: (() => Promise<unknown>) | undefined) =>
      String(await ask?.().catch((thrown: unknown) => thrown));
    const ends = 'old-refresh-token of … are bad)';
    expect(await messageOf(installs)).toBe(
      `RemoteError: GetToken: status 400 (invalid_grant, … and ${ends}`,
    );
    expect(await messageOf(connects)).toBe(
      `RemoteError: Token: status 400 (invalid_grant, … and ${ends}`,
    );
    expect(await messageOf(refreshes)).toBe(
      'RemoteError: Token: status 400 (invalid_grant, code-of-a-test and … of … are bad)',
    );
  });

  it.each<[string, Answer]>([
    ['a page', { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>Sign in</h1>' }],
    [
      'a page with 401',
      { status: 401, headers: { 'Content-Type': 'text/html' }, body: '<h1>No</h1>' },
    ],
    [
      'a proxy that wants a password',
      { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="proxy"' }, body: '<h1>No</h1>' },
    ],
    ['a page with 403', { status: 403, body: '<h1>No</h1>' }],
    ['a redirect', { status: 302, headers: { Location: 'http://localhost/' }, body: '' }],
    ['half an answer', { body: '{"access_token":"acc' }],
    ['an answer without a token', { body: '{"refresh_token":"r","token_type":"Bearer"}' }],
    ['a token that fits in no header', { body: '{"access_token":"a\\r\\nb: c"}' }],
  ])('as %s is none of the service’s, and blames nobody’s secret', async (_what, answer) => {
    const asks = await openEndpoint(answer);
    for (const ask of asks) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RemoteError);
      expect(error).toMatchObject({ status: undefined });
      expect(String(error)).not.toContain('a\r\nb');
    }
    const failure: unknown = await asks[0]?.().catch((thrown: unknown) => thrown);
    expect(explainAuthorizationError(failure)).toMatchObject({ code: 'zendesk_unreachable' });
  });

  it.each<[string, Answer, string]>([
    [
      '401 in Zendesk’s words',
      { status: 401, body: '{"errors":[{"code":"unauthorized"}]}' },
      'client_refused',
    ],
    ['invalid_client', { status: 400, body: '{"error":"invalid_client"}' }, 'client_refused'],
    [
      'invalid_grant, even with 401',
      { status: 401, body: '{"error":"invalid_grant"}' },
      'token_refused',
    ],
    [
      '400 in Zendesk’s words',
      { status: 400, body: '{"errors":[{"title":"Bad"}]}' },
      'token_refused',
    ],
    [
      '429',
      { status: 429, body: '{"errors":[{"code":"too_many_requests"}]}' },
      'zendesk_unreachable',
    ],
    ['503', { status: 503, body: '{"errors":[{"code":"x"}]}' }, 'zendesk_unreachable'],
  ])('an install with %s is explained', async (_what, answer, code) => {
    const [exchange] = await openEndpoint(answer);
    const failure: unknown = await exchange?.().catch((thrown: unknown) => thrown);
    expect(explainAuthorizationError(failure)).toMatchObject({ code });
  });
});

describe('the end of a token', () => {
  it.each([
    [undefined, null],
    [Number.NaN, null],
    [-5, 1_000],
    [0.6, 1_001],
    [60_000, 61_000],
    [Number.POSITIVE_INFINITY, 1_000 + TEN_YEARS_MS],
  ])('in %s ms is %s', (expiresInMs, expiry) => {
    expect(expiryOf(1_000, expiresInMs)).toBe(expiry);
  });
});
