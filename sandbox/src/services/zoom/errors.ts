import type { Answer, ArmedRefusal } from '../../operations.ts';

/** A refusal of the token endpoint: `{reason, error}`, and not what RFC 6749 asks for. */
export class ZoomTokenError extends Error {
  readonly error: string;

  constructor(error: string, reason: string) {
    super(reason);
    this.error = error;
  }
}

/** A refusal of the API: `{code, message}`, for bad input with a list of `errors`. */
export class ZoomApiError extends Error {
  readonly answer: Answer;

  constructor(status: number, code: number, message: string, rest: Partial<ApiRefusal> = {}) {
    super(message);
    const { headers = {}, errors } = rest;
    this.answer = { status, headers, body: { code, message, ...(errors && { errors }) } };
  }
}

interface ApiRefusal {
  headers: Record<string, string>;
  errors: { field: string; message: string }[];
}

export function showTokenError(error: unknown): Answer | undefined {
  if (!(error instanceof ZoomTokenError)) return undefined;
  return { status: 400, body: { reason: error.message, error: error.error } };
}

export function showApiError(error: unknown): Answer | undefined {
  return error instanceof ZoomApiError ? error.answer : undefined;
}

/**
 * How the token endpoint words its trouble is not documented. Here it says in seconds how long to
 * wait, where the API says until when: clients have to read both.
 */
export function showTokenRefusal({ status, retryAfter }: ArmedRefusal): Answer {
  const error = status === 429 ? 'too_many_requests' : 'server_error';
  const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return { status, headers, body: { reason: 'Refused by an armed fault', error } };
}

export type RateCategory = 'Light' | 'Medium';

/** Calls a second for an account on the Pro plan. The sandbox tells them but does not enforce them. */
const PER_SECOND = { Light: 30, Medium: 20 };

/** Zoom's own limit for one user; it counts creating and updating. */
export const MEETINGS_A_DAY = 100;

/** Every answer of the API carries these. */
export function rateLimitHeaders(category: RateCategory): Record<string, string> {
  return {
    'X-RateLimit-Category': category,
    'X-RateLimit-Type': 'QPS',
    'X-RateLimit-Limit': String(PER_SECOND[category]),
    'X-RateLimit-Remaining': String(PER_SECOND[category] - 1),
  };
}

/** The daily limit of one user: until midnight UTC, which `Retry-After` says as a date. */
export function dailyLimitError(): ZoomApiError {
  const message = `You have exceeded the daily rate limit (${MEETINGS_A_DAY}) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00.`;
  const midnight = new Date();
  midnight.setUTCHours(24, 0, 0, 0);
  return new ZoomApiError(429, 429, message, { headers: dailyHeaders(MEETINGS_A_DAY, midnight) });
}

/** An armed fault. A 429 with a wait is the day's limit of the account, without one the second's. */
export function showApiRefusal({ status, retryAfter }: ArmedRefusal): Answer {
  if (status !== 429) {
    return { status, body: { code: status, message: 'Refused by an armed fault' } };
  }
  if (retryAfter === undefined) {
    const message =
      'You have reached the maximum per-second rate limit for this API. Try again later.';
    const reset = String(Math.ceil(Date.now() / 1000) + 1);
    const headers = { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': reset };
    return { status, headers, body: { code: 429, message } };
  }
  const message =
    'You have reached the maximum daily rate limit for this API. Refer to the response header for details on when you can make another request.';
  const headers = dailyHeaders(30_000, new Date(Date.now() + retryAfter * 1000));
  return { status, headers, body: { code: 429, message } };
}

function dailyHeaders(limit: number, until: Date): Record<string, string> {
  return {
    'X-RateLimit-Type': 'Daily-limit',
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': '0',
    'Retry-After': until.toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}
