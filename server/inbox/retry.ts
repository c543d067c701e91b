import { messageOf } from '../errors.ts';
import { isGone, isRetryable, isTokenRejected, RemoteError } from '../remote-error.ts';
import type { StoredEvent } from '../store/schema.ts';
import { cutText, replaceNul } from '../text.ts';
import type { Settlement } from './settle.ts';

/** Between the attempts at an event: given up after 18 minutes or more, a little later than Zendesk gives up (15). */
export const PAUSES_MS = [1, 3, 9, 27, 81, 243, 729].map((seconds) => seconds * 1_000);
export const ATTEMPTS_ALLOWED = PAUSES_MS.length + 1;
/** A Retry-After that asks for more is a mistake, or a limit of a day, which is looked at now and then. */
const LONGEST_PAUSE_MS = 60 * 60_000;
/** More would only keep whoever asked for a certain time waiting. */
const LONGEST_JITTER_AFTER_MS = 1_000;
/** What is not found may have been merged into another conversation, which Zendesk tells us at the same time. */
const ATTEMPTS_TO_FIND = 4;
/**
 * "Up to 5 attempts in 15 minutes" (OpenAPI Webhooks, retry policy): that long after a restore Zendesk may
 * deliver what was answered before it. Four times that, because clocks and queues differ.
 */
const REDELIVERED_FOR_MS = 60 * 60_000;

/** Every attempt that was allowed was begun, and none ended. */
export class NeverEndedError extends Error {
  constructor({ attempts }: Pick<StoredEvent, 'attempts'>) {
    super(`Given up after ${attempts - 1} attempts that never ended.`);
  }
}

export const hasUsedUpAttempts = (event: StoredEvent): boolean =>
  event.attempts > event.attempts_allowed;

/** What is kept of a failure. Some clients of other services put a whole page into their error. */
const LONGEST_NOTE = 2_000;
export const noteOf = (error: unknown): string => cutText(messageOf(error), LONGEST_NOTE);

/**
 * Decides whether a failed attempt is repeated. An answer of Zendesk that will be the same next time
 * (403, 423, other 4xx) fails at once, soon what is not found, and at the second attempt the same bug of a
 * handler: the customer's next message waits behind it. Anything else is tried again until the attempts are
 * used up.
 */
export function judgeFailure(event: StoredEvent, error: unknown, at: number): Settlement {
  const message = noteOf(error);
  if (error instanceof NeverEndedError) return fail(event, message);
  const mayBeFound = isGone(error) && event.attempts < ATTEMPTS_TO_FIND;
  const isFinal = error instanceof RemoteError && !isRetryable(error) && !isTokenRejected(error);
  if (isFinal && !mayBeFound) return fail(event, message);
  const isSame = attemptOfRound(event) > 1 && event.note === replaceNul(message);
  if (isBug(error) && isSame) return fail(event, `Given up after the same error twice: ${message}`);
  if (event.attempts >= event.attempts_allowed) {
    return fail(event, `Given up after ${event.attempts} attempts: ${message}`);
  }
  const retryAfterMs = error instanceof RemoteError ? error.retryAfterMs : undefined;
  const runAt = at + pauseBeforeRetry(attemptOfRound(event), retryAfterMs);
  return { event, state: 'waiting', note: message, runAt };
}

/** What the engine throws for a mistake in the code; a failure of the network is a TypeError with a cause. */
function isBug(error: unknown): boolean {
  if (!(error instanceof Error) || error.cause !== undefined) return false;
  return [TypeError, ReferenceError, SyntaxError, RangeError, EvalError, URIError].some(
    (kind) => error instanceof kind,
  );
}

/** Nobody's fault: the event gets another attempt for this one. */
export function interrupted(event: StoredEvent, note: string, runAt: number): Settlement {
  return { event, state: 'waiting', note, runAt, isUncounted: true };
}

export function fail(event: StoredEvent, note: string): Settlement {
  const activity = { kind: 'failed', text: `${event.type} failed: ${note}` };
  return { event, state: 'failed', note, activity };
}

/** Which attempt it was since the event was stored, or replayed: a replay begins a new round. */
export function attemptOfRound(event: Pick<StoredEvent, 'attempts' | 'attempts_allowed'>): number {
  return Math.max(1, event.attempts - event.attempts_allowed + ATTEMPTS_ALLOWED);
}

/**
 * How long to wait before the next attempt, in milliseconds: its pause, or a Retry-After that asks for more.
 * Jitter comes on top, so that a recovering platform is not hit by all at once: up to 25 %, after a Retry-After
 * up to a second.
 */
export function pauseBeforeRetry(
  attempt: number,
  retryAfterMs = 0,
  random: () => number = Math.random,
): number {
  const backOff = PAUSES_MS.slice(0, attempt).at(-1) ?? 0;
  const isAsked = retryAfterMs > backOff;
  const pause = isAsked ? Math.min(retryAfterMs, LONGEST_PAUSE_MS) : backOff;
  const longestJitter = isAsked ? LONGEST_JITTER_AFTER_MS : Infinity;
  // Whole milliseconds: it becomes part of a `run_at`, and a bigint has no fractions.
  return Math.ceil(pause + random() * Math.min(pause / 4, longestJitter));
}

/** Whether a reply may exist already: from an attempt before, or from a time that a restored backup does not know. */
export function possiblyAnswered(
  { attempts, received_at: receivedAt }: Pick<StoredEvent, 'attempts' | 'received_at'>,
  restoredAt: number | undefined,
): boolean {
  if (attempts > 1) return true;
  return restoredAt !== undefined && receivedAt < restoredAt + REDELIVERED_FOR_MS;
}
