import type { Core } from '../../../core.ts';
import type { Stores } from '../../../store/create-stores.ts';
import { createConnectionHistory } from './connection-history.ts';
import { createConnectionStore } from './connections.ts';
import { createOAuthClientStore } from './oauth-clients.ts';

/** The core's stores and those of this feature. */
export type ConnectionStores = Stores & ReturnType<typeof createConnectionStores>;

export function createConnectionStores(core: Pick<Core, 'database' | 'now'>) {
  return {
    oauthClients: createOAuthClientStore(core),
    connections: createConnectionStore(core),
    connectionHistory: createConnectionHistory(core),
  };
}
