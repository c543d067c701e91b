import type { ErrorRequestHandler } from 'express';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { explainOriginMismatch } from '../web/explain-origin-mismatch.ts';

/** What an install can fail with. */
const PAGES: Partial<Record<ErrorCode, { title: string; causes: string[] }>> = {
  consent_denied: {
    title: 'Nothing was installed',
    causes: ['Deny was chosen on Zendesk’s page.'],
  },
  state_expired: {
    title: 'That took too long',
    causes: ['The page at Zendesk was left open for a while.'],
  },
  state_unknown: {
    title: 'This sign-in is over',
    causes: [
      'This page was reloaded, or opened from the history or a bookmark.',
      'The link was used before, in this or another browser.',
    ],
  },
  state_other_browser: {
    title: 'This sign-in belongs to another browser',
    causes: [
      'It was started in another browser, profile or private window.',
      'The browser, or a proxy in between, drops cookies.',
      'Several installs were open at the same time, and this is one of the oldest.',
    ],
  },
  callback_empty: {
    title: 'Something is missing',
    causes: ['The Redirect URL was opened by hand.'],
  },
  callback_repeated_parameter: {
    title: 'The answer cannot be trusted',
    causes: ['The address was changed on its way to this app.'],
  },
  client_refused: {
    title: 'Zendesk refused this app’s credentials',
    causes: [
      'The client secret was rotated in the partner portal, and this app still sends the old one.',
      'OAUTH_CLIENT_ID or OAUTH_CLIENT_SECRET was copied from another app, or not as a whole.',
    ],
  },
  token_refused: {
    title: 'Zendesk refused the authorization code',
    causes: [
      'A code can be used once, and only for a short time.',
      'OAUTH_CLIENT_ID or OAUTH_CLIENT_SECRET is not the pair from the partner portal.',
      'The app was disabled in the partner portal while its consent page was open.',
    ],
  },
  authorization_refused: {
    title: 'Zendesk refused the request',
    causes: ['OAUTH_CLIENT_ID or the Redirect URL differs from what the partner portal has.'],
  },
  authorization_unavailable: { title: 'Zendesk is not available just now', causes: [] },
  zendesk_unreachable: { title: 'Zendesk did not answer', causes: [] },
  token_info_failed: { title: 'Almost installed', causes: [] },
  subdomain_invalid: { title: 'The account has an address we cannot use', causes: [] },
};

/**
 * Every failure of the install has a page of its own kind, and each offers to start again. Where the
 * permission is kept already, `response.locals.retryHref` goes on from there.
 */
export function createInstallProblemPage(options: {
  publicUrl: string;
  log: Log;
}): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const page = error instanceof AppError ? PAGES[error.code] : undefined;
    if (page === undefined || response.headersSent) return next(error);
    const requestId = String(response.locals['requestId']);
    const { code } = error;
    if (code === 'consent_denied') options.log.info({ requestId }, 'An install was denied.');
    else options.log.warn({ requestId, code, error }, 'An install did not succeed.');
    // The usual reason for a lost cookie: the app is reached under another address than it was told.
    const mismatch =
      code === 'state_other_browser'
        ? explainOriginMismatch(response.locals['originMismatch'], options.publicUrl)
        : undefined;
    const { title, causes } = page;
    return response.status(error.status).render('installations/problem', {
      title,
      problem: {
        title,
        explanation: `${error.message} ${error.hint}`,
        causes: mismatch === undefined ? causes : [mismatch, ...causes],
        code,
        requestId,
        retryHref: response.locals['retryHref'] ?? null,
      },
    });
  };
}
