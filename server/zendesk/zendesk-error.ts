/** A call to Zendesk that did not succeed. Never carries the token or the request body. */
export class ZendeskError extends Error {
  /** The operation as the OpenAPI document names it, for example `PostMessage`. */
  readonly operation: string;
  /** HTTP status; undefined when no complete answer arrived (network, time-out). */
  readonly status: number | undefined;
  /** `errors[0].code` of the answer, for example `locked`. */
  readonly code: string | undefined;
  /** What the answer's Retry-After asks for, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    operation: string,
    failure: {
      status?: number;
      code?: string;
      title?: string;
      retryAfterMs?: number;
      cause?: unknown;
    },
  ) {
    const what = failure.status === undefined ? 'no answer' : `status ${failure.status}`;
    const title = failure.title === undefined ? '' : ` (${failure.title})`;
    super(`${operation}: ${what}${title}`, { cause: failure.cause });
    this.name = 'ZendeskError';
    this.operation = operation;
    this.status = failure.status;
    this.code = failure.code;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/** Zendesk says that the token is no longer good (or never was). */
export function isTokenRejected(error: unknown): boolean {
  return error instanceof ZendeskError && (error.status === 401 || error.status === 403);
}

/**
 * Worth another attempt: no answer, 408, 429 and 5xx. Everything else will be the same next time;
 * 423 is the platform's permanent 30 000-message lock (OpenAPI PostMessage).
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof ZendeskError)) return false;
  const { status } = error;
  return status === undefined || status === 408 || status === 429 || status >= 500;
}
