import { ZodError } from 'zod';
import { messageOf } from '../errors.ts';
import type { StoredEvent } from '../store/schema.ts';
import { isGone, isRetryable, isTokenRejected, RemoteError } from '../remote-error.ts';
import type { AccountLimitedError } from './account-pauses.ts';
import type { Settlement } from './event-store.ts';
import { attemptOfRound, pauseBeforeRetry } from './next-attempt.ts';

/** What is not found may have been merged into another conversation, which Zendesk tells us at the same time. */
const ATTEMPTS_TO_FIND = 4;

/**
 * Decides whether a failed attempt is repeated. An answer of Zendesk that will be the same next time
 * (403, 423, other 4xx) and an event we cannot read fail at once, and soon what is not found; anything else,
 * a bug in a handler included, is tried again until the attempts are used up.
 */
export function judgeFailure(event: StoredEvent, error: unknown, at: number): Settlement {
  const message = messageOf(error);
  if (error instanceof ZodError)
    return fail(event, 'The event does not have the documented shape.');
  const mayBeFound = isGone(error) && event.attempts < ATTEMPTS_TO_FIND;
  const isFinal = error instanceof RemoteError && !isRetryable(error) && !isTokenRejected(error);
  if (isFinal && !mayBeFound) return fail(event, message);
  if (event.attempts >= event.attempts_allowed) {
    return fail(event, `Given up after ${event.attempts} attempts: ${message}`);
  }
  const retryAfterMs = error instanceof RemoteError ? error.retryAfterMs : undefined;
  const runAt = at + pauseBeforeRetry(attemptOfRound(event), retryAfterMs);
  return { event, state: 'waiting', note: message, runAt };
}

/**
 * The account pauses. Who began that, or went first after a pause, had its attempt; who met a pause that had
 * begun was only under way too long, and comes back a little after it.
 */
export function judgeLimit(event: StoredEvent, error: AccountLimitedError, at: number): Settlement {
  const { isNews, pausedUntil, message } = error;
  if (!isNews) return interrupted(event, message, pausedUntil + pauseBeforeRetry(1));
  if (event.attempts >= event.attempts_allowed) return judgeFailure(event, error, at);
  return { event, state: 'waiting', note: message, runAt: pausedUntil };
}

/** Nobody's fault: the event gets another attempt for this one. */
export function interrupted(event: StoredEvent, note: string, runAt: number): Settlement {
  return { event, state: 'waiting', note, runAt, isUncounted: true };
}

export function fail(event: StoredEvent, note: string): Settlement {
  const activity = { kind: 'failed', text: `${event.type} failed: ${note}` };
  return { event, state: 'failed', note, activity };
}
