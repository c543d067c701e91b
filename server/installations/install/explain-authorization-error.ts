import { AppError } from '../../errors.ts';
import { isRetryable, RemoteError } from '../../remote-error.ts';

/** What went wrong while the code was exchanged for a token. */
export function explainAuthorizationError(failure: unknown): AppError {
  if (!(failure instanceof RemoteError)) throw failure;
  const { status, code } = failure;
  if (code === 'invalid_client' || (status === 401 && code !== 'invalid_grant')) {
    const text = 'Zendesk does not accept this app’s client id and client secret.';
    const hint =
      'Whoever runs this app has to put the client secret of the partner portal into OAUTH_CLIENT_SECRET and restart it.';
    return new AppError('client_refused', text, hint, { cause: failure });
  }
  if (status !== undefined && !isRetryable(failure)) {
    const text = 'No permission could be obtained with the code Zendesk sent along.';
    return new AppError('token_refused', text, 'Start again.', { cause: failure });
  }
  const text = 'Zendesk did not answer properly.';
  return new AppError('zendesk_unreachable', text, 'Start again in a moment.', { cause: failure });
}
