import { AppError } from '../../errors.ts';
import { RemoteError } from '../../remote-error.ts';
import type { Failure, Provider } from './provider.ts';

/** RFC 6749 §5.2: the client's credentials or rights, not the user's authorization. */
const CLIENT_PROBLEMS = new Set<string | undefined>([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

/** RFC 6749 §4.1.2.1, which some send from the token endpoint as well, whatever the status. */
const PASSING_PROBLEMS = new Set<string | undefined>(['server_error', 'temporarily_unavailable']);

/** What a failure means at a provider that keeps to RFC 6749 and 6750. */
export function classifyFailure(
  name: string,
  error: Pick<RemoteError, 'operation' | 'status' | 'code' | 'reason'>,
): Failure {
  const { status, code } = error;
  const isPassing = status === undefined || status === 408 || status >= 500;
  if (isPassing || PASSING_PROBLEMS.has(code))
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
  const isTokenGone = code === 'invalid_grant' || code === 'invalid_token';
  // Of the endpoints for tokens 401 is about the client (RFC 6749 §5.2, RFC 7009 §2.2.1), not the user.
  const isOfApi = error.operation !== 'Token' && error.operation !== 'Revoke';
  if (isTokenGone || (status === 401 && isOfApi))
    return { kind: 'dead', reason: `${name} no longer accepts the authorization.${inItsWords}` };
  return { kind: 'refused', reason: `${name} refused.${inItsWords}` };
}

/** What it means that using a connection failed; undefined when that is a mistake of ours. */
export function describeFailure(
  provider: Pick<Provider, 'classifyError'>,
  error: unknown,
): Failure | undefined {
  if (error instanceof RemoteError)
    return { ...provider.classifyError(error), retryAfterMs: error.retryAfterMs };
  // Nobody was asked: a key is lost, for example, or the token may not go where it should.
  if (error instanceof AppError)
    return { kind: 'refused', reason: `${error.message} ${error.hint}` };
  return undefined;
}
