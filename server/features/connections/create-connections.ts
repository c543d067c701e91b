import type { Observe } from '../../observe.ts';
import type { Log } from '../../log.ts';
import type { ConnectionStores } from './store/stores.ts';
import type { ConnectionConfig } from './variables.ts';
import { createConnectionHandlers } from './create-connection-handlers.ts';
import { createConnectionServices } from './create-connection-services.ts';
import type { Provider } from './provider.ts';

/** The whole feature: what it does by itself, and its routes. */
export function createConnections(options: {
  config: ConnectionConfig;
  publicUrl: string;
  providers: readonly Provider[];
  stores: ConnectionStores;
  /** How often to look for connections whose check is due. */
  pollMs: number;
  observe: Observe;
  now: () => number;
  log: Log;
}) {
  const services = createConnectionServices(options);
  const { checks, openConnections, describeConnections, revokeConnections } = services;
  return {
    checks,
    openConnections,
    describeConnections,
    revokeConnections,
    handlers: createConnectionHandlers({ ...options, services }),
  };
}
