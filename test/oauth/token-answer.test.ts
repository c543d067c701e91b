import { describe, expect, it } from 'vitest';
import { expiryOf } from '../../server/oauth/token-answer.ts';
import { openZendesk } from './support/open-endpoint.ts';
import { describeTokenAnswers } from './support/token-answer-cases.ts';

const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60_000;

describeTokenAnswers('Zendesk', openZendesk);

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
