import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Database } from '../../store/engines/database.ts';
import { createCallMetrics } from './calls.ts';
import { registerDatabaseMetrics } from './database.ts';
import { createDeliveryMetrics } from './deliveries.ts';
import { createEventMetrics } from './events.ts';
import { registerInstallationMetrics } from './installations.ts';
import { registerQueueMetrics } from './queue.ts';
import { createTokenMetrics } from './token-refreshes.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** What `GET /metrics` shows of this process, and how the parts of the app report to it. */
export function createMetrics({ database, now }: { database: Database; now: () => number }) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerDatabaseMetrics(registry, database);
  registerQueueMetrics(registry, { database, now });
  registerInstallationMetrics(registry, database);
  return {
    ...createDeliveryMetrics(registry),
    ...createEventMetrics(registry, now),
    ...createCallMetrics(registry),
    ...createTokenMetrics(registry),
    contentType: registry.contentType,
    /** Everything in Prometheus' text format. */
    read: () => registry.metrics(),
  };
}
