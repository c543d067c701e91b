import type { z } from 'zod';
import type { Answer, ArmedRefusal } from '../../operations.ts';

/** A refusal as RFC 6749 §5.2 and RFC 6750 §3.1 word it. */
export class OAuthError extends Error {
  readonly answer: Answer;

  /** `scope`: the one that was missing. */
  constructor(error: string, description: string, { scope }: { scope?: string } = {}) {
    super(description);
    const body = { error, error_description: description };
    const challenge = CHALLENGES.get(error);
    const which = scope === undefined ? '' : `, scope="${scope}"`;
    const headers = challenge === undefined ? {} : { 'WWW-Authenticate': `${challenge}${which}` };
    this.answer = { status: STATUSES.get(error) ?? 400, body, headers };
  }
}

const STATUSES = new Map([
  ['invalid_client', 401],
  ['invalid_token', 401],
  ['insufficient_scope', 403],
  ['access_denied', 403],
]);

/** What comes with a refusal of the client or of its token. */
const CHALLENGES = new Map([
  ['invalid_client', 'Basic realm="zocks"'],
  ['invalid_token', 'Bearer realm="zocks", error="invalid_token"'],
  ['insufficient_scope', 'Bearer realm="zocks", error="insufficient_scope"'],
]);

/** @throws an OAuthError that names the fields. */
export function readFields<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(({ path }) => path.join('.'));
  throw new OAuthError('invalid_request', `Missing or not valid: ${names.join(', ')}.`);
}

export function showOAuthError(error: unknown): Answer | undefined {
  return error instanceof OAuthError ? error.answer : undefined;
}

export function showOAuthRefusal({ status, retryAfter }: ArmedRefusal): Answer {
  const error = status >= 500 ? 'server_error' : 'invalid_request';
  const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return { status, headers, body: { error, error_description: 'Refused by an armed fault' } };
}
