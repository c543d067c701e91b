import { z } from 'zod';
import { parseJson } from '../parse-json.ts';
import { noAnswer } from '../remote-call.ts';
import { concealSent, readRefusal, RemoteError, type ReadForm } from '../remote-error.ts';
import type { RemoteAnswer } from '../send-request.ts';
import { orAbsent } from './error-form.ts';

/** Ten years: whoever says more says that there is no end. */
export const LONGEST_LIFE_MS = 10 * 365 * 24 * 60 * 60_000;

/** The characters of a token (RFC 6749 appendix A.12). */
const Token = z.string().regex(/^[\x20-\x7E]+$/);

const Seconds = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?$/)])
  .transform(Number)
  .refine((seconds) => seconds >= 0)
  .transform((seconds) => Math.min(Math.round(seconds), LONGEST_LIFE_MS / 1000));

const Members = z.looseObject({
  access_token: Token,
  refresh_token: orAbsent(Token),
  expires_in: orAbsent(Seconds),
});

/** What is read of an answer with a token, and whatever else is in it. */
export type TokenMembers = z.infer<typeof Members>;

/**
 * Reads the answer of a token endpoint, which is good with one member that is null or of another kind, as
 * long as it holds a token. What was `sent` and is secret stands in no error, should the service repeat it.
 * @throws RemoteError for a refusal, in the service's form or as a challenge in the header, and for
 * everything that holds no token.
 */
export async function readTokenAnswer(
  operation: string,
  response: RemoteAnswer,
  { readForm, sent }: { readForm: ReadForm; sent: readonly string[] },
): Promise<TokenMembers> {
  if (!response.ok) {
    const error = await readRefusal(operation, response, { readForm, sent });
    throw error.status === undefined ? (readChallenge(operation, response) ?? error) : error;
  }
  const body = parseJson(await response.text());
  const { data, error } = Members.safeParse(body);
  if (data !== undefined) return data;
  // Some send a refusal with status 200.
  const refusal = readForm(body);
  if (refusal !== undefined)
    throw new RemoteError(operation, { ...concealSent(refusal, sent), status: 400 });
  throw noAnswer(operation, response.status, error);
}

/** `WWW-Authenticate: Bearer error="invalid_client"` (RFC 6750 §3), for answers without a body of their own. */
function readChallenge(operation: string, { status, headers }: RemoteAnswer) {
  const challenge = headers.get('www-authenticate') ?? '';
  const code = /(?:^|[\s,])error="([a-z]+(?:_[a-z]+)+)"/.exec(challenge)?.[1];
  return code === undefined ? undefined : new RemoteError(operation, { status, code });
}
