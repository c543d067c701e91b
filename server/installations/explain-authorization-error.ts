import { ResponseBodyError } from 'openid-client';
import { AppError } from '../errors.ts';

/** What went wrong while the code was exchanged for a token. */
export function explainAuthorizationError(failure: unknown): AppError {
  if (failure instanceof AppError) return failure;
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
