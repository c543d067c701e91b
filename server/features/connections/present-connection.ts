import { paths } from './paths.ts';
import type { Provider } from './provider.ts';
import type { Connection } from './store/schema.ts';

const AUTH_TYPES = { oauth2: 'OAuth 2.0', custom: 'Custom' };

/** What pages show of a connection; nothing of it is secret. */
export function presentConnection(connection: Connection, providers: readonly Provider[]) {
  const provider = providers.find(({ id }) => id === connection.provider);
  return {
    id: connection.id,
    href: paths.one(connection.installation_id, connection.id),
    name: connection.name,
    provider: connection.provider,
    providerName: provider?.name ?? connection.provider,
    isConfigured: provider !== undefined,
    authType: connection.auth_type,
    authTypeName: AUTH_TYPES[connection.auth_type],
    status: connection.status,
    reason: connection.reason,
    connectedAs: connection.connected_as,
    lastTestedAt: connection.last_tested_at,
    lastUsedAt: connection.last_used_at,
    expiresAt: connection.token_expires_at,
  };
}
