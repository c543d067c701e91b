import type { OAuthClientStore } from './store/oauth-clients.ts';
import type { SecretStore } from '../../store/secrets/secrets.ts';
import type { Client } from './provider.ts';
import { AppError } from '../../errors.ts';
import { type Connection, connectionOwner, oauthClientOwner } from './store/schema.ts';

/** The secret fields of a connection and of an OAuth client. */
export const ACCESS_TOKEN = 'access_token';
export const REFRESH_TOKEN = 'refresh_token';
export const CLIENT_SECRET = 'client_secret';

export type FindClient = (connection: Connection) => Promise<Client>;

/**
 * The credentials a connection is made with: its own, or those of its OAuth client.
 * @throws AppError when they were never stored completely.
 */
export function createFindClient(options: {
  oauthClients: OAuthClientStore;
  secrets: SecretStore;
}): FindClient {
  return async (connection) => {
    const { id, installation_id: installationId, oauth_client_id: oauthClientId } = connection;
    const used =
      oauthClientId === null
        ? { clientId: connection.client_id, owner: connectionOwner(id) }
        : {
            clientId: (await options.oauthClients.find(installationId, oauthClientId))?.client_id,
            owner: oauthClientOwner(oauthClientId),
          };
    const clientSecret = await options.secrets.get(used.owner, CLIENT_SECRET);
    if (!used.clientId || clientSecret === undefined)
      throw new AppError(
        'provider_refused',
        'There is no client secret stored for this connection.',
        'Edit it and enter its credentials again.',
        { status: 502 },
      );
    return { clientId: used.clientId, clientSecret };
  };
}
