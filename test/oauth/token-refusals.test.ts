import { afterEach, describe, expect, it } from 'vitest';
import { explainAuthorizationError } from '../../server/installations/install/callback.ts';
import { RemoteError } from '../../server/remote-error.ts';
import { openEndpoint, type Answer } from './support/open-endpoint.ts';

let close = () => {};
afterEach(() => close());

async function open(answer: Answer) {
  const endpoint = await openEndpoint(answer);
  close = endpoint.close;
  return endpoint.asks;
}

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
    for (const ask of await open(answer)) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RemoteError);
      expect(error).toMatchObject(expected);
    }
  });

  it('and repeats what it was sent tells nobody', async () => {
    const words = 'code-of-a-test and old-refresh-token of a-client-secret are bad';
    const body = JSON.stringify({ error: 'invalid_grant', error_description: words });
    const [installs, connects, refreshes] = await open({ status: 400, body });
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
    const asks = await open(answer);
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
    const [exchange] = await open(answer);
    const failure: unknown = await exchange?.().catch((thrown: unknown) => thrown);
    expect(explainAuthorizationError(failure)).toMatchObject({ code });
  });
});
