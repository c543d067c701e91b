import { describe, expect, it } from 'vitest';
import { pauseBeforeRetry } from '../../server/inbox/next-attempt.ts';

const HOUR_MS = 60 * 60_000;
const noJitter = () => 0;

describe('the pause before the next attempt', () => {
  it('is a second at first, and doubles', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((n) => pauseBeforeRetry(n, undefined, noJitter));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000]);
  });

  it('is up to a quarter longer by chance, so that not all come back at once', () => {
    expect(pauseBeforeRetry(1, 0, () => 0.5)).toBe(1_125);
    expect(pauseBeforeRetry(3, 0, () => 1)).toBe(5_000);
    const pauses = Array.from({ length: 200 }, () => pauseBeforeRetry(1));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_250);
    expect(new Set(pauses).size).toBeGreaterThan(100);
  });

  it('is what Retry-After asks for when that is longer', () => {
    expect(pauseBeforeRetry(1, 30_000, noJitter)).toBe(30_000);
    expect(pauseBeforeRetry(6, 30_000, noJitter)).toBe(32_000);
  });

  it('has no fractions of a millisecond, which PostgreSQL would refuse to store', () => {
    expect(pauseBeforeRetry(1, 0, () => 0.123)).toBe(1_031);
    expect(pauseBeforeRetry(1, 1_500.5, noJitter)).toBe(1_501);
  });

  it('is never longer than an hour', () => {
    expect(pauseBeforeRetry(1, 24 * HOUR_MS, noJitter)).toBe(HOUR_MS);
    expect(pauseBeforeRetry(60, 0, noJitter)).toBe(HOUR_MS);
    expect(pauseBeforeRetry(5_000, 0, noJitter)).toBe(HOUR_MS);
  });
});
