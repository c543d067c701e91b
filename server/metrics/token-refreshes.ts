import { Counter, type Registry } from 'prom-client';

export function createTokenMetrics(registry: Registry) {
  const refreshes = new Counter({
    name: 'shopkeeper_token_refreshes_total',
    help: "Renewals of connections' access tokens: renewed, or what kind of failure it was.",
    labelNames: ['provider', 'result'],
    registers: [registry],
  });

  return {
    countRefresh: (provider: string, result: string): void => refreshes.inc({ provider, result }),
  };
}
