import type { RequestHandler } from 'express';
import type { OAuthAttempts } from '../web/oauth-attempts.ts';
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
    const ownerId = ensureOwnerId(request);
    const attempt = { ...INSTALL, ownerId, returnTo: null };
    const { state } = await options.attempts.begin(response, attempt);
    response.redirect(302, options.authorization.authorizationUrl(state).href);
  };
}
