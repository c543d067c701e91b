import { Counter, type Registry } from 'prom-client';

/** Everything the receiver may answer. */
const STATUSES = [200, 400, 401, 404, 405, 413, 503, 'aborted'];

export function createDeliveryMetrics(registry: Registry) {
  const deliveries = new Counter({
    name: 'shopkeeper_deliveries_total',
    help: "Zendesk's deliveries by the status they were answered with; aborted: the sender hung up.",
    labelNames: ['status'],
    registers: [registry],
  });
  // The first of a kind can be told only if its series was there before.
  for (const status of STATUSES) deliveries.inc({ status }, 0);

  return {
    countDelivery: (status: number | 'aborted'): void => deliveries.inc({ status }),
  };
}
