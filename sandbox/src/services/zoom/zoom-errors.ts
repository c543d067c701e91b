import type { Answer, ArmedRefusal } from '../../operations/create-operation-runner.ts';

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
