import { describe, expect, it } from 'vitest';
import { withRetryAfter } from '../../../../server/features/connections/providers/zoom/limits.ts';
import { readOAuthForm } from '../../../../server/oauth/error-form.ts';
import { readRefusal } from '../../../../server/remote-error.ts';

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

async function readWait(headers: Record<string, string>) {
  const fetch = withRetryAfter(async () => new Response('{"code":429}', { status: 429, headers }));
  const init = { method: 'GET', headers: {} };
  const response = await fetch('GetUser', 'https://api.zoom.example', init);
  const read = { readForm: readOAuthForm, sent: [] };
  return (await readRefusal('GetUser', response, read)).retryAfterMs;
}

describe('Zoom says how long to wait', () => {
  it.each([
    ['seconds', { 'retry-after': '30' }],
    ['an ISO 8601 time', { 'retry-after': inSeconds(30).toISOString() }],
    ['an HTTP date', { 'retry-after': inSeconds(30).toUTCString() }],
    ['Unix seconds', { 'x-ratelimit-reset': String(Math.ceil(inSeconds(30).getTime() / 1000)) }],
  ])('in %s', async (_format, headers) => {
    const waitMs = await readWait(headers);
    expect(waitMs).toBeGreaterThan(28_000);
    expect(waitMs).toBeLessThanOrEqual(31_000);
  });

  it.each([
    ['9999-12-31T00:00:00Z', 24 * 60 * 60_000],
    ['2001-01-01T00:00:00+02:00', 0],
  ])('and %j is held to what can be meant', async (value, expected) => {
    expect(await readWait({ 'retry-after': value })).toBe(expected);
  });

  it.each(['-1', 'in 30', '2999-01-01', '2999-01-01T00:00:00', '2999-02-30T00:00:00Z', ''])(
    'but not in %j, where another header may',
    async (value) => {
      expect(await readWait({ 'retry-after': value })).toBeUndefined();
      expect(await readWait({ 'retry-after': value, 'x-ratelimit-reset': '0' })).toBe(0);
    },
  );

  it('and leaves an answer that is no refusal as it is', async () => {
    const given = new Response('{}', { headers: { 'x-ratelimit-reset': '0' } });
    const fetch = withRetryAfter(async () => given);
    expect(await fetch('GetUser', '', { method: 'GET', headers: {} })).toBe(given);
  });
});
