import type { Request } from 'express';
import { notFound } from '../../../errors.ts';
import { findOwned } from '../../../installations/owned.ts';
import type { ConnectionsContext } from '../context.ts';

/** The addresses of this feature; every link and redirect is built here. */
export const paths = {
  list: (installationId: string) => `/installations/${installationId}/connections`,
  one: (installationId: string, id: string) => `/installations/${installationId}/connections/${id}`,
  /** Where a form leads that ends at the provider. */
  authorize: (installationId: string, id: string) =>
    `/installations/${installationId}/connections/${id}/authorize`,
  /** What is sent to whoever shall authorize a connection. */
  link: (token: string) => `/connections/link/${token}`,
  reconnect: (linkId: string) => `/connections/reconnect/${linkId}`,
  clients: (installationId: string) => `/installations/${installationId}/oauth-clients`,
  client: (installationId: string, id: string) =>
    `/installations/${installationId}/oauth-clients/${id}`,
  manifest: (installationId: string, providerId: string) =>
    `/installations/${installationId}/oauth-clients/manifest/${providerId}`,
  deleted: (installationId: string, id: string) =>
    `/installations/${installationId}/deleted-connections/${id}`,
  /** The redirect URI of a provider, without the origin. */
  callback: (providerId: string) => `/connections/callback/${providerId}`,
};

/** The inverse of `paths.one`. */
export function readConnectionPath(path: string | null) {
  const match = /^\/installations\/([^/]+)\/connections\/([^/]+)$/.exec(path ?? '');
  const [, installationId, connectionId] = match ?? [];
  if (installationId === undefined || connectionId === undefined) return undefined;
  return { installationId, connectionId };
}

/** The inverse of `paths.reconnect`. */
export function readReconnectPath(path: string | null): string | undefined {
  return /^\/connections\/reconnect\/([^/]+)$/.exec(path ?? '')?.[1];
}

/** The connection in the path, if it belongs to the installation in the path, which must be owned. */
export async function findOwnedConnection(context: ConnectionsContext, request: Request) {
  const installation = await findOwned(context, request);
  const connection = await context.connections.find(String(request.params['connectionId']));
  if (connection?.installation_id !== installation.id) throw notFound();
  return { installation, connection };
}

/** The same for the OAuth client in the path. */
export async function findOwnedClient(context: ConnectionsContext, request: Request) {
  const installation = await findOwned(context, request);
  const id = String(request.params['clientId']);
  const client = await context.oauthClients.find(installation.id, id);
  if (client === undefined) throw notFound();
  return { installation, client };
}
