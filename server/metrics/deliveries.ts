import { Counter, type Registry } from 'prom-client';

export function createDeliveryMetrics(registry: Registry) {
  const deliveries = new Counter({
    name: 'shopkeeper_deliveries_total',
    help: "Zendesk's deliveries by the status they were answered with; aborted: the sender hung up.",
    labelNames: ['status'],
    registers: [registry],
  });
  // A rate can be told only of what has been seen before.
  for (const status of [200, 401, 404, 503]) deliveries.inc({ status }, 0);

  return {
    countDelivery: (status: number | 'aborted'): void => deliveries.inc({ status }),
  };
}
