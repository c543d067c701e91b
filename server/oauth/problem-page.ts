import type { ErrorRequestHandler } from 'express';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { explainOriginMismatch } from '../web/origin.ts';

interface Page {
  title: string;
  causes?: string[];
}

/** What the use of a callback can fail with, at this service. */
function createPages(service: string): Record<string, Page | undefined> {
  return {
    consent_denied: {
      title: 'Access was denied',
      causes: [`Deny was chosen on ${service}’s page.`],
    },
    state_expired: {
      title: 'That took too long',
      causes: [`The page at ${service} was left open for a while.`],
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
        'Several sign-ins were open at the same time, and this is one of the oldest.',
      ],
    },
    state_interrupted: {
      title: 'This sign-in was interrupted',
      causes: ['This app was restarted in the middle of it.'],
    },
    cookie_repeated: {
      title: 'Two cookies of one name',
      causes: ['Another site on a neighbouring address set a cookie for this one as well.'],
    },
    callback_empty: {
      title: 'Something is missing',
      causes: ['The Redirect URL was opened by hand.'],
    },
    callback_without_state: {
      title: 'This answer fits no connection',
      causes: [`The app was added on ${service}’s side, not from a connection’s page here.`],
    },
    callback_repeated_parameter: {
      title: 'The answer cannot be trusted',
      causes: ['The address was changed on its way to this app.'],
    },
    callback_other_issuer: {
      title: 'The answer cannot be trusted',
      causes: ['The address was changed on its way to this app.'],
    },
    client_refused: {
      title: `${service} refused this app’s credentials`,
      causes: [
        'The client secret was rotated in the partner portal, and this app still sends the old one.',
        'OAUTH_CLIENT_ID or OAUTH_CLIENT_SECRET was copied from another app, or not as a whole.',
      ],
    },
    token_refused: {
      title: `${service} refused the authorization code`,
      causes: [
        'A code can be used once, and only for a short time.',
        'OAUTH_CLIENT_ID or OAUTH_CLIENT_SECRET is not the pair from the partner portal.',
        'The app was disabled in the partner portal while its consent page was open.',
      ],
    },
    authorization_refused: {
      title: `${service} refused the request`,
      causes: [`The client id or the redirect URL differs from what ${service} has of this app.`],
    },
    authorization_unattended: { title: `${service} asks you to sign in first` },
    authorization_unavailable: { title: `${service} is not available just now` },
    zendesk_unreachable: { title: `${service} did not answer` },
    provider_refused: { title: 'The authorization did not succeed' },
    provider_unreachable: { title: `${service} did not answer` },
    token_info_failed: { title: 'Almost installed' },
    subdomain_invalid: { title: 'The account has an address we cannot use' },
  };
}

/**
 * Each failure of a callback has a page of its own kind, and each offers to start again: at
 * `response.locals.startHref`, or `/install`. Where the permission is kept already,
 * `response.locals.retryHref` goes on from there.
 */
export function createProblemPage(options: {
  publicUrl: string;
  /** What is not there when nothing was kept. */
  undone: string;
  /** The service, for sentences; unless `response.locals.service` names another one. */
  service: string;
  log: Log;
}): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const { requestId, originMismatch, startHref = '/install' } = response.locals;
    const service = String(response.locals['service'] ?? options.service);
    const page = error instanceof AppError ? createPages(service)[error.code] : undefined;
    if (page === undefined || response.headersSent) return next(error);
    const { code, status, message, hint } = error;
    // Of an unknown one nothing is kept, not even what there was a moment ago.
    const retryHref = code === 'state_unknown' ? null : (response.locals['retryHref'] ?? null);
    if (code === 'consent_denied') options.log.info({ requestId }, 'A visitor denied access.');
    else options.log.warn({ requestId, code, error }, 'A sign-in did not succeed.');
    // The usual reason for a lost cookie: the app is reached under another address than it was told.
    const mismatch =
      code === 'state_other_browser'
        ? explainOriginMismatch(originMismatch, options.publicUrl)
        : undefined;
    const { title, causes = [] } = page;
    return response.status(status).render('sign-in-problem', {
      title,
      problem: {
        title,
        explanation: `${message} ${hint}`,
        causes: mismatch === undefined ? causes : [mismatch, ...causes],
        code,
        requestId: String(requestId),
        status: retryHref === null ? options.undone : 'Not finished',
        retryHref,
        startHref,
      },
    });
  };
}
