import type { ErrorRequestHandler } from 'express';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';

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
    const hint = `Sign in to ${service}, then start again.`;
    return new AppError('authorization_unattended', text, hint);
  }
  const text = `${service} refused the request.`;
  const hint = `Start again. If it goes on, compare the client id, the redirect URL and the scopes with the app’s settings at ${service}.`;
  return new AppError('authorization_refused', text, hint);
}

/** What the use of a callback can fail with, by code: the title of its page, and the usual causes. */
function listProblems(service: string): Record<string, [title: string, ...causes: string[]]> {
  const changed = 'The address was changed on its way to this app.';
  return {
    consent_denied: ['Access was denied', `Deny was chosen on ${service}’s page.`],
    state_expired: ['That took too long', `The page at ${service} was left open for a while.`],
    state_unknown: [
      'This sign-in is over',
      'This page was reloaded, or opened from the history or a bookmark.',
      'The link was used before, in this or another browser.',
    ],
    state_other_browser: [
      'This sign-in belongs to another browser',
      'It was started in another browser, profile or private window.',
      'The browser, or a proxy in between, drops cookies.',
      'Several sign-ins were open at the same time, and this is one of the oldest.',
    ],
    state_interrupted: [
      'This sign-in was interrupted',
      'This app was restarted in the middle of it.',
    ],
    cookie_repeated: [
      'Two cookies of one name',
      'Another site on a neighbouring address set a cookie for this one as well.',
    ],
    callback_empty: ['Something is missing', 'The Redirect URL was opened by hand.'],
    callback_without_state: [
      'This answer fits no connection',
      `The app was added on ${service}’s side, not from a connection’s page here.`,
    ],
    callback_repeated_parameter: ['The answer cannot be trusted', changed],
    callback_other_issuer: ['The answer cannot be trusted', changed],
    client_refused: [
      `${service} refused this app’s credentials`,
      'The client secret was rotated in the partner portal, and this app still sends the old one.',
      'OAUTH_CLIENT_ID or OAUTH_CLIENT_SECRET was copied from another app, or not as a whole.',
    ],
    token_refused: [
      `${service} refused the authorization code`,
      'A code can be used once, and only for a short time.',
      'OAUTH_CLIENT_ID or OAUTH_CLIENT_SECRET is not the pair from the partner portal.',
      'The app was disabled in the partner portal while its consent page was open.',
    ],
    authorization_refused: [
      `${service} refused the request`,
      `The client id or the redirect URL differs from what ${service} has of this app.`,
    ],
    authorization_unattended: [`${service} asks you to sign in first`],
    authorization_unavailable: [`${service} is not available just now`],
    zendesk_unreachable: [`${service} did not answer`],
    provider_refused: ['The authorization did not succeed'],
    provider_unreachable: [`${service} did not answer`],
    token_info_failed: ['Almost installed'],
    subdomain_invalid: ['The account has an address we cannot use'],
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
  { log }: { log: Log },
  words: { service: string; undone: string },
): ErrorRequestHandler {
  return function showProblem(error, _request, response, next) {
    const { requestId, likelyCause, startHref = '/install' } = response.locals;
    const service = String(response.locals['service'] ?? words.service);
    const page = error instanceof AppError ? listProblems(service)[error.code] : undefined;
    if (page === undefined || response.headersSent) return next(error);
    const [title, ...causes] = page;
    const { code, status, message, hint } = error;
    // Of an unknown one nothing is kept, not even what there was a moment ago.
    const retryHref = code === 'state_unknown' ? null : (response.locals['retryHref'] ?? null);
    if (code === 'consent_denied') log.info({ requestId }, 'A visitor denied access.');
    else log.warn({ requestId, code, error }, 'A sign-in did not succeed.');
    // A feature may know why a cookie got lost.
    const more = code === 'state_other_browser' && likelyCause ? [String(likelyCause)] : [];
    return response.status(status).render('sign-in-problem', {
      title,
      problem: {
        title,
        explanation: `${message} ${hint}`,
        causes: [...more, ...causes],
        code,
        requestId: String(requestId),
        status: retryHref === null ? words.undone : 'Not finished',
        retryHref,
        startHref,
      },
    });
  };
}
