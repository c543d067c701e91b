import type { RequestHandler } from 'express';
import type { OAuthAttempts } from '../oauth/attempts.ts';
import { ensureOwnerId } from '../web/sessions.ts';
import type { Authorization } from '../zendesk/authorization.ts';

/** How an attempt of this flow is told from one of another provider. */
export const INSTALL = { provider: 'zendesk', callbackPath: '/oauth' } as const;

/** Sends the browser to Zendesk, with a state of its own. */
export function createStartInstall(options: {
  attempts: OAuthAttempts;
  authorization: Authorization;
}): RequestHandler {
  return async (request, response) => {
    // Whoever only looks where the address leads begins nothing; another GET will.
    if (request.method === 'HEAD') return response.redirect(302, '/');
    const ownerId = ensureOwnerId(request);
    const attempt = { provider: INSTALL.provider, ownerId, returnTo: null };
    const { state } = await options.attempts.begin(request, response, attempt);
    response.redirect(302, options.authorization.authorizationUrl(state).href);
  };
}
