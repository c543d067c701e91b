import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';
import { AppError } from '../errors.ts';

/** What Zendesk's redirect says in `error` (RFC 6749 §4.1.2.1). The value itself is never shown. */
export function explainErrorCode(error: string, cause?: unknown): AppError {
  if (error === 'access_denied') {
    const text = 'You chose not to give this app access, so nothing was installed.';
    return new AppError('consent_denied', text, 'Start again whenever you like.', { cause });
  }
  if (error === 'server_error' || error === 'temporarily_unavailable') {
    const hint = 'Start again in a few minutes.';
    return new AppError('authorization_unavailable', 'Zendesk could not take the request.', hint, {
      cause,
    });
  }
  const text = 'Zendesk refused the request.';
  const hint =
    'Start again. If it goes on, compare the OAuth client and Redirect URL with the partner portal.';
  return new AppError('authorization_refused', text, hint, { cause });
}

/** What went wrong while the code was exchanged for a token. */
export function explainAuthorizationError(failure: unknown): AppError {
  if (failure instanceof AppError) return failure;
  if (failure instanceof AuthorizationResponseError)
    return explainErrorCode(failure.error, failure);
  const status = readStatus(failure);
  if (status === 401) {
    const text = 'Zendesk does not accept this app’s client id and client secret.';
    const hint =
      'Whoever runs this app has to put the client secret of the partner portal into OAUTH_CLIENT_SECRET and restart it.';
    return new AppError('client_refused', text, hint, { cause: failure });
  }
  const isBusy = status === 408 || status === 429;
  if (status !== undefined && status >= 400 && status < 500 && !isBusy) {
    const text = 'No permission could be obtained with the code Zendesk sent along.';
    return new AppError('token_refused', text, 'Start again.', { cause: failure });
  }
  const hint = 'Start again in a moment.';
  return new AppError('zendesk_unreachable', 'Zendesk did not answer properly.', hint, {
    cause: failure,
  });
}

function readStatus(failure: unknown): number | undefined {
  if (failure instanceof ResponseBodyError) return failure.status;
  const cause = failure instanceof Error ? failure.cause : undefined;
  return cause instanceof Response ? cause.status : undefined;
}
