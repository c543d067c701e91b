import type { ErrorRequestHandler } from 'express';
import type { Core } from '../core.ts';
import { AppError } from '../errors.ts';

/** The service wanted its user to do something, and was not allowed to ask (OpenID Connect Core §3.1.2.6). */
const UNATTENDED = /^(login|interaction|consent|account_selection)_required$/;

/** What a redirect says in `error` (RFC 6749 §4.1.2.1), as a sentence; the value itself is never shown. */
export function explainErrorCode(service: string, error: string): AppError {
  if (error === 'access_denied') {
    const text = `You chose not to give this app access at ${service}, so nothing was changed here.`;
    return new AppError('consent_denied', text, 'Start again whenever you like.');
  }
  if (error === 'server_error' || error === 'temporarily_unavailable') {
    const text = `${service} could not take the request.`;
    const hint = 'Start again in a few minutes.';
    return new AppError('authorization_unavailable', text, hint, { status: 502 });
  }
  if (UNATTENDED.test(error)) {
    const text = `${service} did not know who you are.`;
    const hint = `Sign in to ${service}, then start again.`;
    return new AppError('authorization_unattended', text, hint);
  }
  const text = `${service} refused the request.`;
  const hint = `Start again. If it goes on, compare the client id, the redirect URL and the scopes with the app’s settings at ${service}.`;
  return new AppError('authorization_refused', text, hint);
}

/** The title of the page, by the code of what the use of a callback can fail with. */
function listTitles(service: string): Record<string, string> {
  return {
    consent_denied: 'Access was denied',
    state_expired: 'That took too long',
    state_unknown: 'This sign-in is over',
    state_other_browser: 'This sign-in belongs to another browser',
    state_interrupted: 'This sign-in was interrupted',
    cookie_repeated: 'Two cookies of one name',
    callback_empty: 'Something is missing',
    callback_without_state: 'This answer fits no connection',
    callback_repeated_parameter: 'The answer cannot be trusted',
    callback_other_issuer: 'The answer cannot be trusted',
    client_refused: `${service} refused this app’s credentials`,
    token_refused: `${service} refused the authorization code`,
    authorization_refused: `${service} refused the request`,
    authorization_unattended: `${service} asks you to sign in first`,
    authorization_unavailable: `${service} is not available just now`,
    zendesk_unreachable: `${service} did not answer`,
    provider_refused: 'The authorization did not succeed',
    provider_unreachable: `${service} did not answer`,
    token_info_failed: 'Almost installed',
    subdomain_invalid: 'The account has an address we cannot use',
  };
}

/**
 * Each failure of a callback has a page of its own kind, and each offers to start again: at
 * `response.locals.startHref`, or `/install`. Where the permission is kept already,
 * `response.locals.retryHref` goes on from there.
 * @param words `service` for sentences, unless `response.locals.service` names another one; `undone` is what
 * is not there when nothing was kept.
 */
export function problemPage(
  { log, parts }: Pick<Core, 'log' | 'parts'>,
  words: { service: string; undone: string },
): ErrorRequestHandler {
  return function showProblem(error, _request, response, next) {
    const { requestId, startHref = '/install' } = response.locals;
    const service = String(response.locals['service'] ?? words.service);
    const title = error instanceof AppError ? listTitles(service)[error.code] : undefined;
    if (title === undefined || response.headersSent) return next(error);
    const { code, status, message, hint } = error;
    // Of an unknown one nothing is kept, not even what there was a moment ago.
    const retryHref = code === 'state_unknown' ? null : (response.locals['retryHref'] ?? null);
    if (code === 'consent_denied') log.info({ requestId }, 'A visitor denied access.');
    else log.warn({ requestId, code, error }, 'A sign-in did not succeed.');
    return response.status(status).render('sign-in-problem', {
      title,
      problem: {
        title,
        explanation: `${message} ${hint}`,
        causes: parts.flatMap(({ causes }) => causes?.(code, service, response) ?? []),
        code,
        requestId: String(requestId),
        status: retryHref === null ? words.undone : 'Not finished',
        retryHref,
        startHref,
      },
    });
  };
}
