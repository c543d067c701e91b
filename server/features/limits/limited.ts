import { interrupted, judgeFailure, pauseBeforeRetry } from '../../inbox/retry.ts';
import type { Settlement } from '../../inbox/settle.ts';
import { RemoteError } from '../../remote-error.ts';
import type { StoredEvent } from '../../store/schema.ts';

/** A call was answered that we call too often; its account pauses. */
export class AccountLimitedError extends RemoteError {
  /** Epoch milliseconds. */
  readonly pausedUntil: number;
  /** False: the pause had begun already when the answer came. */
  readonly isNews: boolean;

  constructor(cause: RemoteError, pause: { pausedUntil: number; isNews: boolean }) {
    const { operation, status, code, reason, retryAfterMs } = cause;
    super(operation, { status, code, reason, retryAfterMs, cause });
    this.pausedUntil = pause.pausedUntil;
    this.isNews = pause.isNews;
  }
}

/** A Retry-After of whatever stands in between counts as well: waiting does no harm. */
export function isLimit(error: unknown): error is RemoteError {
  if (!(error instanceof RemoteError)) return false;
  return error.status === 429 || (error.status === undefined && error.retryAfterMs !== undefined);
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
