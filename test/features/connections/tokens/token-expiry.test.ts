import { describe, expect, it } from 'vitest';
import { expiryOf } from '../../../../server/features/connections/tokens/token-answer.ts';

const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60_000;

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
