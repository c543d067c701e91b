const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/**
 * How long to wait before the next attempt, in milliseconds: about 1 s, then doubling, with up to 25 %
 * of jitter so that a recovering platform is not hit by all at once. A Retry-After that asks for more wins.
 */
export function pauseBeforeRetry(
  attempt: number,
  retryAfterMs = 0,
  random: () => number = Math.random,
): number {
  const backOff = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (1 + random() / 4);
  // Whole milliseconds: it becomes part of a `run_at`, and a bigint has no fractions.
  return Math.ceil(Math.min(Math.max(backOff, retryAfterMs), LONGEST_PAUSE_MS));
}
