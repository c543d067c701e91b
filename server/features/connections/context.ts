import type { ShopkeeperConfig } from '../../config/load-config.ts';
import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import type { Channel } from './notify/notices.ts';
import type { Access, Provider } from './provider.ts';
import type { Turns } from './tokens/turns.ts';
import { createConnectionHistory } from './store/connection-history.ts';
import { createConnectionStore } from './store/connections.ts';
import { createDeletedConnectionStore } from './store/deleted-connections.ts';
import { createReconnectLinkStore } from './store/reconnect-links.ts';
import { createOAuthClientStore } from './store/oauth-clients.ts';

/** What every function of this feature takes first. */
export interface ConnectionsContext
  extends
    Pick<
      Core,
      | 'installations'
      | 'installationOwners'
      | 'database'
      | 'oauthAttempts'
      | 'secrets'
      | 'locks'
      | 'observe'
      | 'parts'
      | 'log'
      | 'now'
    >,
    ConnectionStores {
  config: Pick<ShopkeeperConfig, 'publicUrl' | 'variables'>;
  /** The ways in which somebody is told what became of a connection; without any, nobody is. */
  channels: readonly Channel[];
  /** Those that are configured; first those the bot uses. */
  providers: readonly Provider[];
  /** Whose calls may run now. */
  turns: Turns;
  /** Renewals of access under way in this process, by connection. */
  renewals: Map<string, Promise<Access>>;
}

type ConnectionStores = ReturnType<typeof createConnectionStores>;

export function createConnectionStores(core: Pick<Core, 'database' | 'now'>) {
  return {
    oauthClients: createOAuthClientStore(core),
    connections: createConnectionStore(core),
    connectionHistory: createConnectionHistory(core),
    reconnectLinks: createReconnectLinkStore(core),
    deletedConnections: createDeletedConnectionStore(core),
  };
}

/** @throws AppError when the provider's file or its configuration is gone while connections are left. */
export function findProvider(
  { providers }: Pick<ConnectionsContext, 'providers'>,
  id: string,
): Provider {
  const provider = providers.find((one) => one.id === id);
  if (provider !== undefined) return provider;
  const text = `This app is not set up for ${id} connections.`;
  const hint = 'Configure it, or delete the connection.';
  throw new AppError('provider_not_configured', text, hint, { status: 409 });
}
