import type { Request, Response } from 'express';
import type { Connection } from '../store/schema.ts';
import type { OAuthAttempts } from '../web/oauth-attempts.ts';
import { ensureOwnerId } from '../web/sessions.ts';
import type { FindClient } from './find-client.ts';
import type { FindProvider } from './find-provider.ts';
import { paths } from './paths.ts';

export type StartAuthorization = (
  request: Request,
  response: Response,
  connection: Connection,
) => Promise<void>;

/** Sends the browser to the provider, where its user gives this connection access. */
export function createStartAuthorization(options: {
  publicUrl: string;
  attempts: OAuthAttempts;
  findProvider: FindProvider;
  findClient: FindClient;
}): StartAuthorization {
  return async (request, response, connection) => {
    const provider = options.findProvider(connection.provider);
    const client = await options.findClient(connection);
    const callbackPath = paths.callback(provider.id);
    const attempt = await options.attempts.begin(response, {
      provider: provider.id,
      ownerId: ensureOwnerId(request),
      returnTo: paths.one(connection.installation_id, connection.id),
      callbackPath,
    });
    const redirectUri = `${options.publicUrl}${callbackPath}`;
    const url = await provider.authorize({ client, redirectUri, ...attempt });
    response.redirect(303, url.href);
  };
}
