import type { Request, RequestHandler, Response } from 'express';
import { beginAttempt, type AttemptNeeds } from '../../oauth/attempts.ts';
import { ensureOwnerId } from '../../web/sessions.ts';
import type { FindClient } from './find-client.ts';
import type { FindOwnedConnection } from './find-owned-connection.ts';
import type { FindProvider } from './find-provider.ts';
import { paths } from './paths.ts';
import type { Connection } from './store/schema.ts';

declare module 'express-session' {
  interface SessionData {
    /** The connection that a form was just sent for, on the way to its provider. */
    authorizing: string;
    /** The connection authorized last, so that a reloaded callback finds its page as long as it is there. */
    lastAuthorized: { stateHash: string; connectionId: string };
  }
}

/**
 * After a form: leads to the page that sends the browser on to the provider. It is a page and no redirect,
 * because browsers hold `form-action` against every redirect that follows a form, and providers sign their
 * users in on hosts that nobody can name in advance.
 */
export function startAuthorization(
  request: Request,
  response: Response,
  connection: Connection,
): void {
  request.session.authorizing = connection.id;
  response.redirect(303, paths.authorize(connection.installation_id, connection.id));
}

/** The page on the way to the provider, where its user gives this connection access. */
export function createShowAuthorize(options: {
  publicUrl: string;
  oauth: AttemptNeeds;
  findOwnedConnection: FindOwnedConnection;
  findProvider: FindProvider;
  findClient: FindClient;
}): RequestHandler {
  return async (request, response) => {
    const { connection } = await options.findOwnedConnection(request);
    const returnTo = paths.one(connection.installation_id, connection.id);
    // Once for each form that was sent: coming back, or following a link, starts nothing.
    const isAsked = request.session.authorizing === connection.id && request.method === 'GET';
    if (!isAsked) return response.redirect(303, returnTo);
    delete request.session.authorizing;

    const provider = options.findProvider(connection.provider);
    const client = await options.findClient(connection);
    const ownerId = ensureOwnerId(request);
    const begun = { provider: provider.id, ownerId, returnTo };
    const attempt = await beginAttempt(options.oauth, request, response, begun);
    const redirectUri = `${options.publicUrl}${paths.callback(provider.id)}`;
    const { href } = await provider.authorize({ client, redirectUri, ...attempt });
    response.set('Refresh', `0; url=${href}`).render('connections/continue', {
      title: `On to ${provider.name}`,
      providerName: provider.name,
      href,
    });
  };
}
