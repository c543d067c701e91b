import { describe, expect, it } from 'vitest';
import { isRetryable, isTokenRejected, ZendeskError } from '../../server/zendesk/zendesk-error.ts';

const answered = (status?: number) =>
  new ZendeskError('PostMessage', status === undefined ? {} : { status });

describe('a failed call', () => {
  it.each([undefined, 408, 429, 500, 502, 503, 504, 599])('is worth a retry after %s', (status) => {
    expect(isRetryable(answered(status))).toBe(true);
  });

  it.each([302, 400, 401, 403, 404, 409, 413, 422, 423])(
    'will be the same next time after %i',
    (status) => expect(isRetryable(answered(status))).toBe(false),
  );

  it.each([401, 403])('means that the token is dead after %i', (status) => {
    expect(isTokenRejected(answered(status))).toBe(true);
  });

  it.each([undefined, 400, 404, 429, 500])('says nothing about the token after %s', (status) => {
    expect(isTokenRejected(answered(status))).toBe(false);
  });

  it('is neither when it is not Zendesk’s', () => {
    expect(isRetryable(new Error('a bug'))).toBe(false);
    expect(isTokenRejected({ status: 401 })).toBe(false);
  });
});
