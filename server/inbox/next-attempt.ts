import type { StoredEvent } from '../store/schema.ts';

const FIRST_PAUSE_MS = 1_000;
const GROWTH = 3;
const LONGEST_BACK_OFF_MS = 729_000;
/** A Retry-After that asks for more is a mistake, or a limit of a day, which is looked at now and then. */
const LONGEST_PAUSE_MS = 60 * 60_000;
/** More would only keep whoever asked for a certain time waiting. */
const LONGEST_JITTER_AFTER_MS = 1_000;

/**
 * Attempts until an event is given up. With pauses of 1, 3, 9, 27, 81, 243 and 729 seconds that is after 18
 * minutes or more: a little longer than Zendesk itself goes on delivering (15 minutes).
 */
export const ATTEMPTS_ALLOWED = 8;

/** Which attempt it was since the event was stored, or replayed: a replay begins a new round. */
export function attemptOfRound(event: Pick<StoredEvent, 'attempts' | 'attempts_allowed'>): number {
  return Math.max(1, event.attempts - event.attempts_allowed + ATTEMPTS_ALLOWED);
}

/**
 * How long to wait before the next attempt, in milliseconds: about 1 s, then three times as long as before;
 * a Retry-After that asks for more wins. Jitter comes on top, so that a recovering platform is not hit by all
 * at once: up to 25 %, after a Retry-After up to a second.
 */
export function pauseBeforeRetry(
  attempt: number,
  retryAfterMs = 0,
  random: () => number = Math.random,
): number {
  const backOff = Math.min(FIRST_PAUSE_MS * GROWTH ** (attempt - 1), LONGEST_BACK_OFF_MS);
  const pause =
    retryAfterMs > backOff
      ? addJitter(Math.min(retryAfterMs, LONGEST_PAUSE_MS), LONGEST_JITTER_AFTER_MS, random)
      : addJitter(backOff, Infinity, random);
  // Whole milliseconds: it becomes part of a `run_at`, and a bigint has no fractions.
  return Math.ceil(pause);
}

function addJitter(ms: number, longestMs: number, random: () => number): number {
  return ms + random() * Math.min(ms / 4, longestMs);
}
