import type { FetchBody } from 'openid-client';
import { z } from 'zod';
import { orAbsent } from '../../oauth/error-form.ts';
import type { TokenMembers } from '../../oauth/token-answer.ts';
import { RemoteError } from '../../remote-error.ts';

/** Some send a list instead of the text of RFC 6749 §3.3. */
const ScopeList = z
  .array(z.string())
  .nonempty()
  .transform((all) => all.join(' '));
const Scope = orAbsent(z.union([z.string().min(1), ScopeList]));

/**
 * A token endpoint's answer as openid-client takes it, which refuses the whole for a member of another kind,
 * or about a user's identity: nobody here asks for that.
 */
export function toStandardAnswer({ id_token: _identity, scope, ...used }: TokenMembers): Response {
  // There is no other way here to use a token; whether it is good, its first call shows.
  return Response.json({ ...used, scope: Scope.parse(scope), token_type: 'Bearer' });
}

/** The fields of a request for tokens, or to end one, that are nobody else's business. */
export function listSecrets(body: FetchBody, clientSecret: string): string[] {
  const form = new URLSearchParams(body instanceof URLSearchParams ? body : '');
  const names = ['code', 'code_verifier', 'refresh_token', 'token'];
  const fields = names.map((field) => form.get(field) ?? '');
  return [clientSecret, ...fields].filter((secret) => secret !== '');
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
