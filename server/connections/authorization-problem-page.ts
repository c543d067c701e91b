import type { ErrorRequestHandler } from 'express';
import { AppError, type ErrorCode } from '../errors.ts';
import type { Log } from '../log.ts';

const TITLES: Partial<Record<ErrorCode, string>> = {
  consent_denied: 'Access was denied',
  state_expired: 'That took too long',
  state_unknown: 'This sign-in is over',
  state_other_browser: 'This sign-in belongs to another browser',
  callback_empty: 'Something is missing',
  callback_repeated_parameter: 'The answer cannot be trusted',
};

/** Why an authorization did not succeed, with the way back to the connection if we know which it was. */
export function createAuthorizationProblemPage({ log }: { log: Log }): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (!(error instanceof AppError) || error.code === 'not_found' || response.headersSent)
      return next(error);
    const { code, status } = error;
    const requestId = String(response.locals['requestId']);
    if (code === 'consent_denied') log.info({ requestId }, 'An authorization was denied.');
    else log.warn({ requestId, code, error }, 'An authorization did not succeed.');
    const title = TITLES[code] ?? 'The authorization did not succeed';
    return response.status(status).render('connections/problem', {
      title,
      problem: {
        title,
        explanation: `${error.message} ${error.hint}`,
        code,
        requestId,
        retryHref: response.locals['retryHref'] ?? '/',
      },
    });
  };
}
