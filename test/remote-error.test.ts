import { describe, expect, it } from 'vitest';
import { readOAuthForm } from '../server/oauth/error-form.ts';
import { isRetryable, isTokenRejected, readRefusal, RemoteError } from '../server/remote-error.ts';

const answered = (status?: number) =>
  new RemoteError('PostMessage', status === undefined ? {} : { status });

describe('a failed call', () => {
  it.each([undefined, 408, 429, 500, 502, 503, 504, 599])('is worth a retry after %s', (status) => {
    expect(isRetryable(answered(status))).toBe(true);
  });

  it.each([302, 400, 401, 403, 404, 409, 413, 422, 423])(
    'will be the same next time after %i',
    (status) => expect(isRetryable(answered(status))).toBe(false),
  );

  it('means that the token is dead after 401', () => {
    expect(isTokenRejected(answered(401))).toBe(true);
  });

  it.each([undefined, 400, 403, 404, 429, 500])(
    'says nothing about the token after %s',
    (status) => {
      expect(isTokenRejected(answered(status))).toBe(false);
    },
  );

  it('is neither when it is not a service’s', () => {
    expect(isRetryable(new Error('a bug'))).toBe(false);
    expect(isTokenRejected({ status: 401 })).toBe(false);
  });
});

describe('a refusal', () => {
  const read = (body: string, headers: Record<string, string> = {}) =>
    readRefusal('Token', new Response(body, { status: 429, headers }), {
      readForm: readOAuthForm,
      sent: [],
    });
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

  it.each([
    ['seconds', { 'retry-after': '30' }],
    ['an HTTP date', { 'retry-after': inSeconds(30).toUTCString() }],
  ])('says how long to wait in %s', async (_format, headers) => {
    const { retryAfterMs } = await read('{}', headers);
    expect(retryAfterMs).toBeGreaterThan(28_000);
    expect(retryAfterMs).toBeLessThanOrEqual(31_000);
  });

  it.each([
    ['99999999999999999999999', 24 * 60 * 60_000],
    ['Fri, 31 Dec 9999 00:00:00 GMT', 24 * 60 * 60_000],
    ['Mon, 01 Jan 2001 00:00:00 GMT', 0],
    ['0', 0],
  ])('that asks to wait for %j is held to what can be meant', async (value, expected) => {
    expect((await read('{}', { 'retry-after': value })).retryAfterMs).toBe(expected);
  });

  it.each([
    '-1',
    'a while',
    'in 30',
    '12 s',
    '30;60',
    '2999-01-01',
    '2999-01-01T00:00:00',
    '2999-02-30T00:00:00Z',
    '1 Jan 2999',
    'Invalid Date',
    'Tue, 30 Feb 2999 00:00:00 GMT',
    'Mon, 01 Jan 2999 00:00:00 GMT',
    'Tue, 01 Jan 2999 00:00:00 PST',
    'Tue, 01 Jan 2999 00:00:00 GMT (more)',
  ])('that asks to wait for %j asks for nothing', async (value) => {
    expect((await read('{}', { 'retry-after': value })).retryAfterMs).toBeUndefined();
  });

  it('keeps the service’s words, its code and its trace id, and nothing else', async () => {
    const body = JSON.stringify({ reason: 'Invalid Token!', error: 'invalid_grant', token: 'tok' });
    const error = await read(body, { 'x-zm-trackingid': 'v=2.0;trace' });
    expect(error).toMatchObject({ code: 'invalid_grant', reason: 'Invalid Token!' });
    expect(error.message).toContain('v=2.0;trace');
    expect(JSON.stringify(error) + error.message).not.toContain('tok"');
  });

  it('can be stored, whatever is in its words', async () => {
    const { reason } = await read(
      JSON.stringify({ reason: `a\u0000b${'x'.repeat(296)}🎉`, error: 'invalid_grant' }),
    );
    expect(reason).toMatch(/^a\ufffdbx{296}…$/);
  });

  it('has no status when it is a page', async () => {
    const error = await read('<html>', { 'content-type': 'text/html; charset=utf-8' });
    expect(error).toMatchObject({ status: undefined, code: undefined });
    expect(error.message).toContain('status 429 and text/html');
  });
});
