import type { Answer, Refusal } from '../operations/create-operation-runner.ts';

/** A refusal as RFC 6749 §5.2 and RFC 6750 §3.1 word it. */
export class OAuthError extends Error {
  readonly answer: Answer;

  constructor(error: string, description: string) {
    super(description);
    const body = { error, error_description: description };
    this.answer = { status: 400, body };
    const challenge = CHALLENGES.get(error);
    if (challenge) this.answer = { status: 401, body, headers: { 'WWW-Authenticate': challenge } };
  }
}

/** What a client has to be told when it failed to say who it is. */
const CHALLENGES = new Map([
  ['invalid_client', 'Basic realm="zocks"'],
  ['invalid_token', 'Bearer realm="zocks", error="invalid_token"'],
]);

export function showOAuthError(error: unknown): Answer | undefined {
  return error instanceof OAuthError ? error.answer : undefined;
}

export function showOAuthRefusal({ status, retryAfter }: Refusal): Answer {
  const error = status >= 500 ? 'server_error' : 'invalid_request';
  const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return { status, headers, body: { error, error_description: 'Refused by an armed fault' } };
}
