import type { FetchBody, TokenEndpointResponse } from 'openid-client';
import { z } from 'zod';
import { parseJson } from '../parse-json.ts';
import { noAnswer } from '../remote-call.ts';
import { readRefusal, RemoteError, type ReadForm } from '../remote-error.ts';
import { orAbsent } from './error-form.ts';

/** What a token endpoint gives. */
export interface Tokens {
  accessToken: string;
  /** Absent: the one we have stays good, or there is none. */
  refreshToken?: string;
  /** From now; absent: the service does not say. */
  expiresInMs?: number;
}

/** Ten years: whoever says more says that there is no end. */
const LONGEST_LIFE_MS = 10 * 365 * 24 * 60 * 60_000;

/** The characters of a token (RFC 6749 appendix A.12). */
const Token = z.string().regex(/^[\x20-\x7E]+$/);

const Seconds = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?$/)])
  .transform(Number)
  .refine((seconds) => seconds >= 0)
  .transform((seconds) => Math.min(Math.round(seconds), LONGEST_LIFE_MS / 1000));

/** Some send a list instead of the text of RFC 6749 §3.3. */
const ScopeList = z
  .array(z.string())
  .nonempty()
  .transform((all) => all.join(' '));

const Members = z.looseObject({
  access_token: Token,
  refresh_token: orAbsent(Token),
  expires_in: orAbsent(Seconds),
  scope: orAbsent(z.union([z.string().min(1), ScopeList])),
});

/**
 * Reads the answer of a token endpoint before openid-client judges it, which refuses the whole for one
 * member that is null, of another kind or about a user's identity, which is not asked for here. Returns an
 * answer it takes. What was `sent` and is secret stands in no error, should the service repeat it.
 * @throws RemoteError for a refusal, in the service's form or as a challenge in the header, and for
 * everything that holds no token.
 */
export async function readTokenAnswer(
  operation: string,
  response: Response,
  { readForm: readAsIs, sent }: { readForm: ReadForm; sent: readonly string[] },
): Promise<Response> {
  const readForm: ReadForm = (body) => {
    const refusal = readAsIs(body);
    return refusal && { code: conceal(refusal.code, sent), reason: conceal(refusal.reason, sent) };
  };
  if (!response.ok) {
    const error = await readRefusal(operation, response, readForm);
    throw error.status === undefined ? (readChallenge(operation, response) ?? error) : error;
  }
  const body = parseJson(await response.text());
  const { data, error } = Members.safeParse(body);
  if (data === undefined) {
    // Some send a refusal with status 200.
    const refusal = readForm(body);
    if (refusal !== undefined) throw new RemoteError(operation, { ...refusal, status: 400 });
    throw noAnswer(operation, response.status, error);
  }
  // Nobody here needs it, and in an odd form it would take the token with it.
  const { id_token: _identity, ...used } = data;
  // There is no other way here to use a token; whether it is good, its first call shows.
  return Response.json({ ...used, token_type: 'Bearer' });
}

/** The fields of a token request that are nobody else's business. */
export function listSecrets(body: FetchBody, clientSecret: string): string[] {
  const form = new URLSearchParams(body instanceof URLSearchParams ? body : '');
  const fields = ['code', 'code_verifier', 'refresh_token'].map((field) => form.get(field) ?? '');
  return [clientSecret, ...fields].filter((secret) => secret !== '');
}

function conceal(text: string | undefined, secrets: readonly string[]): string | undefined {
  return secrets.reduce((left, secret) => left?.replaceAll(secret, '…'), text);
}

/** `WWW-Authenticate: Bearer error="invalid_client"` (RFC 6750 §3), for answers without a body of their own. */
function readChallenge(operation: string, { status, headers }: Response): RemoteError | undefined {
  const challenge = headers.get('www-authenticate') ?? '';
  const code = /(?:^|[\s,])error="([a-z]+(?:_[a-z]+)+)"/.exec(challenge)?.[1];
  return code === undefined ? undefined : new RemoteError(operation, { status, code });
}

/** What is used of an answer that openid-client took. */
export function toTokens(answer: TokenEndpointResponse): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = answer;
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(seconds === undefined ? {} : { expiresInMs: seconds * 1000 }),
  };
}

/** When a token ends, in epoch milliseconds; null: nobody knows. Both databases can hold it. */
export function expiryOf(now: number, expiresInMs: number | undefined): number | null {
  if (expiresInMs === undefined || Number.isNaN(expiresInMs)) return null;
  return now + Math.round(Math.min(Math.max(expiresInMs, 0), LONGEST_LIFE_MS));
}

/** Runs a call of openid-client, and makes one kind of error of all it throws. */
export async function callTokenEndpoint<Result>(
  operation: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RemoteError) throw error;
    if (error instanceof Error && error.cause instanceof RemoteError) throw error.cause;
    throw new RemoteError(operation, { reason: 'no usable answer', cause: error });
  }
}
