import type { Installation } from '../../../store/schema.ts';
import type { Card } from '../../cards.ts';
import { pickConnection } from '../bot-tools.ts';
import type { ConnectionsContext } from '../context.ts';
import type { Provider } from '../provider.ts';
import type { AuthType, Connection } from '../store/schema.ts';
import {
  DEPLOYMENT_CLIENT_NAME,
  OF_DEPLOYMENT,
  readDeploymentClient,
} from '../tokens/deployment-clients.ts';
import { findMissingScopes, readScopes } from '../tokens/scopes.ts';
import { paths } from './paths.ts';

export const AUTH_TYPES: Record<AuthType, { name: string; choice: string }> = {
  oauth2: { name: 'OAuth 2.0', choice: 'OAuth 2.0' },
  custom: { name: 'Custom', choice: 'Custom (Server-to-Server)' },
};

/** What pages show of a connection; nothing of it is secret. */
export function presentConnection({ providers, now }: ConnectionsContext, connection: Connection) {
  const provider = providers.find(({ id }) => id === connection.provider);
  return {
    id: connection.id,
    href: paths.one(connection.installation_id, connection.id),
    name: connection.name,
    provider: connection.provider,
    providerName: provider?.name ?? connection.provider,
    isConfigured: provider !== undefined,
    authType: connection.auth_type,
    authTypeName: AUTH_TYPES[connection.auth_type].name,
    status: connection.status,
    reason: connection.reason,
    connectedAs: connection.connected_as,
    lastTestedAt: connection.last_tested_at,
    lastUsedAt: connection.last_used_at,
    expiresAt: connection.token_expires_at,
    /** Until when its calls are logged; null: they are not. */
    debugUntil: (connection.debug_until ?? 0) > now() ? connection.debug_until : null,
    /** Null: the service does not say. */
    scopes: connection.scopes === null ? null : readScopes(connection.scopes),
    missingScopes: provider ? findMissingScopes(provider, connection) : [],
  };
}

/** The OAuth clients that a connection can be made with: first the deployment's own. */
export async function listChoices(
  context: ConnectionsContext,
  installationId: string,
  provider: Provider,
): Promise<{ id: string; name: string }[]> {
  const all = await context.oauthClients.list(installationId);
  const own = all.filter((client) => client.provider === provider.id);
  const isOffered = readDeploymentClient(context, provider) !== undefined;
  return [
    ...(isOffered ? [{ id: OF_DEPLOYMENT, name: DEPLOYMENT_CLIENT_NAME }] : []),
    ...own.map(({ id, name }) => ({ id, name })),
  ];
}

/** On the account's page: what is broken, and what the bot needs a connection for and whether it has it. */
export async function describeConnections(
  context: ConnectionsContext,
  { id }: Pick<Installation, 'id'>,
): Promise<Card[]> {
  const all = await context.connections.list(id);
  const locals = { connections: describeNeeds(context, id, all) };
  return [
    ...describeBroken(context, all),
    { place: 'overview', view: 'connections/sections/needed', locals },
  ];
}

function describeNeeds(context: ConnectionsContext, id: string, all: readonly Connection[]) {
  const listHref = paths.list(id);
  const needs = context.providers.flatMap(({ id: provider, name, usedFor }) => {
    if (usedFor === null) return [];
    const picked = pickConnection(all, provider);
    const connection = picked ? presentConnection(context, picked) : null;
    return [
      { provider: name, usedFor, connection, newHref: `${listHref}/new?provider=${provider}` },
    ];
  });
  return { listHref, count: all.length, needs };
}

/** For the head of the page; nothing while all is well. */
function describeBroken(context: ConnectionsContext, all: readonly Connection[]): Card[] {
  const broken = all.filter(({ told, status }) => told === 'broken' && status !== 'disabled');
  if (broken.length === 0) return [];
  const connections = broken.map((one) => presentConnection(context, one));
  return [{ place: 'notice', view: 'connections/sections/broken', locals: { connections } }];
}
