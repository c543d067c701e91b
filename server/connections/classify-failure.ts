import type { Failure } from './provider.ts';
import type { ProviderError } from './provider-error.ts';

/** RFC 6749 §5.2: the client's credentials or rights, not the user's authorization. */
const CLIENT_PROBLEMS = new Set<string | undefined>([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

/** What a failure means at a provider that keeps to RFC 6749 and 6750. */
export function classifyFailure(
  name: string,
  error: Pick<ProviderError, 'status' | 'code' | 'reason'>,
): Failure {
  const { status, code } = error;
  if (status === undefined || status === 408 || status >= 500)
    return { kind: 'unavailable', reason: `${name} did not answer properly.` };
  if (status === 429)
    return { kind: 'busy', reason: `${name} asks us to slow down: too many requests.` };
  const inItsWords = error.reason === undefined ? '' : ` It says: “${error.reason}”.`;
  if (CLIENT_PROBLEMS.has(code)) {
    return {
      kind: 'refused',
      reason: `${name} does not accept the client id and client secret.${inItsWords}`,
    };
  }
  if (code === 'insufficient_scope')
    return { kind: 'scope', reason: `A scope is missing at ${name}.${inItsWords}` };
  if (code === 'invalid_grant' || status === 401)
    return { kind: 'dead', reason: `${name} no longer accepts the authorization.${inItsWords}` };
  return { kind: 'refused', reason: `${name} refused.${inItsWords}` };
}
