import type { RequestHandler } from 'express';
import type { OAuthAttempts } from '../../oauth/attempts.ts';
import { ensureOwnerId } from '../../web/sessions.ts';
import type { Authorization } from '../../zendesk/oauth.ts';
import type { InstallSteps } from './complete-install.ts';

/** How an attempt of this flow is told from one of another provider. */
export const INSTALL = { provider: 'zendesk', callbackPath: '/oauth' } as const;

/**
 * Sends the browser to Zendesk, with a state of its own. One whose last install stopped halfway goes on
 * with that one: the permission is kept, and asking for another would leave two.
 */
export function createStartInstall(options: {
  attempts: OAuthAttempts;
  authorization: Authorization;
  steps: InstallSteps;
}): RequestHandler {
  return async (request, response) => {
    // Whoever only looks where the address leads begins nothing; another GET will.
    if (request.method === 'HEAD') return response.redirect(302, '/');
    const ownerId = ensureOwnerId(request);
    const unfinished = await options.steps.findUnfinished(ownerId);
    if (unfinished !== undefined) return response.redirect(303, `/installations/${unfinished}`);
    const attempt = { provider: INSTALL.provider, ownerId, returnTo: null };
    const { state } = await options.attempts.begin(request, response, attempt);
    response.redirect(302, options.authorization.authorizationUrl(state).href);
  };
}
