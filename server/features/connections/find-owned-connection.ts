import type { Request } from 'express';
import { notFound } from '../../errors.ts';
import type { FindOwned } from '../../installations/find-owned.ts';
import type { ConnectionStore } from './store/connections.ts';
import type { OAuthClientStore } from './store/oauth-clients.ts';
import type { Installation } from '../../store/schema.ts';
import type { Connection, OAuthClient } from './store/schema.ts';

export type FindOwnedConnection = (
  request: Request,
) => Promise<{ installation: Installation; connection: Connection }>;

/** The connection in the path, if it belongs to the installation in the path, which must be owned. */
export function createFindOwnedConnection(options: {
  findOwned: FindOwned;
  connections: ConnectionStore;
}): FindOwnedConnection {
  return async (request) => {
    const installation = await options.findOwned(request);
    const connection = await options.connections.find(String(request.params['connectionId']));
    if (connection?.installation_id !== installation.id) throw notFound();
    return { installation, connection };
  };
}

export type FindOwnedClient = (
  request: Request,
) => Promise<{ installation: Installation; client: OAuthClient }>;

/** The same for the OAuth client in the path. */
export function createFindOwnedClient(options: {
  findOwned: FindOwned;
  oauthClients: OAuthClientStore;
}): FindOwnedClient {
  return async (request) => {
    const installation = await options.findOwned(request);
    const id = String(request.params['clientId']);
    const client = await options.oauthClients.find(installation.id, id);
    if (client === undefined) throw notFound();
    return { installation, client };
  };
}
