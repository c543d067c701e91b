import { randomUUID } from 'node:crypto';
import { AppError } from '../../../errors.ts';
import { findProvider, type ConnectionsContext } from '../context.ts';
import { readDeploymentClient } from './deployment-clients.ts';
import type { OAuthClientInput } from '../saving/forms.ts';
import type { Client } from '../provider.ts';
import {
  connectionOwner,
  oauthClientOwner,
  type Connection,
  type OAuthClient,
} from '../store/schema.ts';
import { CLIENT_SECRET } from './tokens.ts';

/**
 * The credentials a connection is made with: its own, those of its OAuth client, or of the deployment's.
 * @throws AppError when they were never stored completely.
 */
export async function findClient(
  context: ConnectionsContext,
  connection: Connection,
): Promise<Client> {
  const { oauthClients, secrets } = context;
  const { id, installation_id: installationId, oauth_client_id: oauthClientId } = connection;
  if (isOfDeployment(connection)) {
    const client = readDeploymentClient(context, findProvider(context, connection.provider));
    if (client !== undefined) return client;
    const text = 'The OAuth client that this app brought along for the connection is gone.';
    throw new AppError('provider_refused', text, 'Edit it and choose another.', { status: 502 });
  }
  const isOwn = oauthClientId === null;
  const clientId = isOwn
    ? connection.client_id
    : (await oauthClients.find(installationId, oauthClientId))?.client_id;
  const owner = isOwn ? connectionOwner(id) : oauthClientOwner(oauthClientId);
  const clientSecret = await secrets.get(owner, CLIENT_SECRET);
  if (clientId && clientSecret !== undefined) return { clientId, clientSecret };
  const text = 'There is no client secret stored for this connection.';
  const hint = 'Edit it and enter its credentials again.';
  throw new AppError('provider_refused', text, hint, { status: 502 });
}

/** An OAuth 2.0 connection that no OAuth client of the account was chosen for. */
export function isOfDeployment({
  auth_type: authType,
  oauth_client_id: oauthClientId,
}: Pick<Connection, 'auth_type' | 'oauth_client_id'>): boolean {
  return authType === 'oauth2' && oauthClientId === null;
}

/** Keeps an OAuth client together with its secret. */
export async function createClient(
  { oauthClients, secrets }: Pick<ConnectionsContext, 'oauthClients' | 'secrets'>,
  { id: installationId }: { id: string },
  provider: string,
  { name, clientId, clientSecret }: OAuthClientInput,
): Promise<OAuthClient> {
  const client = await oauthClients.create({
    id: randomUUID(),
    installation_id: installationId,
    provider,
    name,
    client_id: clientId,
  });
  await secrets.put(oauthClientOwner(client.id), CLIENT_SECRET, clientSecret);
  return client;
}

/** Whatever uses it is tested soon: a new secret may break it, or repair it. */
export async function editClient(
  { oauthClients, connections, secrets, now }: ConnectionsContext,
  client: OAuthClient,
  { name, clientId, clientSecret }: OAuthClientInput,
): Promise<void> {
  await secrets.put(oauthClientOwner(client.id), CLIENT_SECRET, clientSecret);
  await oauthClients.update(client, { name, client_id: clientId });
  for (const { id, status } of await oauthClients.listUsers(client))
    if (status !== 'disabled') await connections.update(id, { check_at: now() });
}
