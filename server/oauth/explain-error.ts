import { AppError } from '../errors.ts';

/** The service wanted its user to do something, and was not allowed to ask (OpenID Connect Core §3.1.2.6). */
const UNATTENDED = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]);

/**
 * What a redirect says in `error` (RFC 6749 §4.1.2.1), as a sentence about the service. The value itself is
 * never shown.
 */
export function explainErrorCode(service: string, error: string): AppError {
  if (error === 'access_denied') {
    const text = `You chose not to give this app access at ${service}, so nothing was changed here.`;
    return new AppError('consent_denied', text, 'Start again whenever you like.');
  }
  if (error === 'server_error' || error === 'temporarily_unavailable') {
    const text = `${service} could not take the request.`;
    return new AppError('authorization_unavailable', text, 'Start again in a few minutes.');
  }
  if (UNATTENDED.has(error)) {
    const text = `${service} did not know who you are.`;
    return new AppError(
      'authorization_unattended',
      text,
      `Sign in to ${service}, then start again.`,
    );
  }
  const text = `${service} refused the request.`;
  const hint = `Start again. If it goes on, compare the client id, the redirect URL and the scopes with the app’s settings at ${service}.`;
  return new AppError('authorization_refused', text, hint);
}
