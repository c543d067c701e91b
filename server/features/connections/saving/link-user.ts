import { findClient, isOfDeployment } from '../tokens/clients.ts';
import { describeFailure } from '../classify.ts';
import { findProvider, type ConnectionsContext } from '../context.ts';
import { recordFailure, recordSuccess, testedSoon } from '../health/health.ts';
import type { Failure, Identity, Tokens } from '../provider.ts';
import { connectionOwner, type Connection } from '../store/schema.ts';
import { holdTokens, keepTokens } from '../tokens/tokens.ts';

/**
 * Keeps new tokens before anything else can fail, then learns whose they are. Returns the connection that has
 * them now.
 */
export async function completeAuthorization(
  context: ConnectionsContext,
  connection: Connection,
  tokens: Tokens,
  actor: string,
): Promise<Connection> {
  const { connections } = context;
  const provider = findProvider(context, connection.provider);
  await holdTokens(context, connection.id, () => keepTokens(context, connection.id, tokens));
  if (isOfDeployment(connection)) {
    const { clientId } = await findClient(context, connection);
    await connections.update(connection.id, { client_id: clientId });
  }
  let identity: Identity | null = null;
  let failure: Failure | undefined;
  try {
    identity = await provider.test({
      accessToken: tokens.accessToken,
      apiUrl: tokens.apiUrl ?? null,
      authType: 'oauth2',
      hostUser: null,
    });
  } catch (error) {
    failure = describeFailure(provider, error);
    if (failure === undefined) throw error;
  }

  const kept = (await connections.find(connection.id)) ?? connection;
  const target = identity === null ? kept : await linkUser(context, kept, identity);
  const at = context.now();
  await connections.update(target.id, {
    status: 'connected',
    reason: null,
    connected_at: at,
    last_tested_at: at,
    check_at: testedSoon(at),
  });
  const text = `Authorized at ${provider.name}.`;
  await context.connectionHistory.add(target.id, { actor, text });
  const line = `The connection “${target.name}” was authorized at ${provider.name}.`;
  await context.observe.note(target.installation_id, 'connection', line);
  if (failure === undefined) await recordSuccess(context, target, { identity });
  else await recordFailure(context, target, failure);
  return target;
}

/**
 * When the same user authorizes the same client a second time, Zoom ends the first authorization (4741).
 * So the connection that had it gets the new tokens, instead of dying. Returns the one that has them now.
 */
async function linkUser(
  context: ConnectionsContext,
  connection: Connection,
  identity: Identity,
): Promise<Connection> {
  const { connections, secrets } = context;
  const twin = await findTwin(context, connection, identity);
  if (twin === undefined) return connection;
  await holdTokens(context, twin.id, async () => {
    await secrets.move(connectionOwner(connection.id), connectionOwner(twin.id));
    await connections.update(twin.id, {
      oauth_client_id: connection.oauth_client_id,
      client_id: connection.client_id,
      token_expires_at: connection.token_expires_at,
      api_url: connection.api_url,
      scopes: connection.scopes,
    });
  });
  if (connection.connected_at === null) {
    await connections.remove(connection.id);
  } else {
    const reason = `Its authorization went to “${twin.name}”, which belongs to the same user. Reconnect it as somebody else.`;
    const status = 'needs_reconnect';
    await connections.update(connection.id, { status, reason, check_at: null });
  }
  return twin;
}

async function findTwin(
  context: ConnectionsContext,
  connection: Connection,
  { userId, accountId }: Identity,
): Promise<Connection | undefined> {
  if (userId === null) return undefined;
  const { clientId } = await findClient(context, connection);
  const { provider, id, installation_id: installationId } = connection;
  const all = await context.connections.listOfUser({ provider, clientId, userId, accountId });
  return all.find((other) => other.installation_id === installationId && other.id !== id);
}
