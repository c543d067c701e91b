import { describe, expect, it } from 'vitest';
import { attemptOfRound, pauseBeforeRetry } from '../../../server/inbox/retry.ts';

const HOUR_MS = 60 * 60_000;
const noJitter = () => 0;

describe('the pause before the next attempt', () => {
  it('is a second at first, and three times as long after every attempt', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((n) => pauseBeforeRetry(n, undefined, noJitter));
    expect(pauses).toEqual([1, 3, 9, 27, 81, 243, 729].map((seconds) => seconds * 1_000));
  });

  it('is up to a quarter longer by chance, so that not all come back at once', () => {
    expect(pauseBeforeRetry(1, 0, () => 0.5)).toBe(1_125);
    expect(pauseBeforeRetry(3, 0, () => 1)).toBe(11_250);
    const pauses = Array.from({ length: 200 }, () => pauseBeforeRetry(1));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_250);
    expect(new Set(pauses).size).toBeGreaterThan(100);
  });

  it('is what Retry-After asks for when that is longer, and by chance up to a second more', () => {
    expect(pauseBeforeRetry(1, 30_000, noJitter)).toBe(30_000);
    expect(pauseBeforeRetry(6, 30_000, noJitter)).toBe(243_000);
    expect(pauseBeforeRetry(1, 600_000, () => 1)).toBe(601_000);
    expect(pauseBeforeRetry(1, 2_000, () => 1)).toBe(2_500);
    const pauses = Array.from({ length: 200 }, () => pauseBeforeRetry(1, 5_000));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(5_000);
    expect(new Set(pauses).size).toBeGreaterThan(100);
  });

  it('begins anew with a replay, and is the same after an attempt that was not counted', () => {
    expect(attemptOfRound({ attempts: 3, attempts_allowed: 8 })).toBe(3);
    expect(attemptOfRound({ attempts: 9, attempts_allowed: 16 })).toBe(1);
    expect(attemptOfRound({ attempts: 2, attempts_allowed: 9 })).toBe(1);
    expect(attemptOfRound({ attempts: 1, attempts_allowed: 9 })).toBe(1);
  });

  it('has no fractions of a millisecond, which PostgreSQL would refuse to store', () => {
    expect(pauseBeforeRetry(1, 0, () => 0.123)).toBe(1_031);
    expect(pauseBeforeRetry(1, 1_500.5, noJitter)).toBe(1_501);
  });

  it('grows no further than twelve minutes, and to an hour when Retry-After asks for more', () => {
    expect(pauseBeforeRetry(60, 0, noJitter)).toBe(729_000);
    expect(pauseBeforeRetry(5_000, 0, noJitter)).toBe(729_000);
    expect(pauseBeforeRetry(1, 24 * HOUR_MS, noJitter)).toBe(HOUR_MS);
    expect(pauseBeforeRetry(1, Infinity, noJitter)).toBe(HOUR_MS);
  });
});
