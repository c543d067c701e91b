import type { Metrics } from '../metrics/create-metrics.ts';
import type { Log } from '../../log.ts';
import type { Stores } from '../../store/create-stores.ts';
import type { ConnectionConfig } from './variables.ts';
import { createConnectionHandlers } from './create-connection-handlers.ts';
import { createConnectionServices } from './create-connection-services.ts';
import type { Provider } from './provider.ts';

const POLL_MS = 15_000;

/** The whole feature: what it does by itself, and its routes. */
export function createConnections(options: {
  config: ConnectionConfig;
  publicUrl: string;
  providers: readonly Provider[];
  stores: Stores;
  /** How often to look for connections whose check is due. */
  pollMs: number | undefined;
  metrics: Metrics;
  now: () => number;
  log: Log;
}) {
  const services = createConnectionServices({ ...options, pollMs: options.pollMs ?? POLL_MS });
  const { checks, openConnections, describeConnections, revokeConnections } = services;
  return {
    checks,
    openConnections,
    describeConnections,
    revokeConnections,
    handlers: createConnectionHandlers({ ...options, services }),
  };
}
