import { Counter, type Registry } from 'prom-client';

const RESULTS = ['renewed', 'dead', 'refused', 'scope', 'busy', 'unavailable'] as const;

type RefreshResult = (typeof RESULTS)[number];

export function createTokenMetrics(registry: Registry) {
  const refreshes = new Counter({
    name: 'shopkeeper_token_refreshes_total',
    help: "Renewals of connections' access tokens: renewed, or what kind of failure it was.",
    labelNames: ['provider', 'result'],
    registers: [registry],
  });

  return {
    /** From the start, so that the first connection to break is an increase. */
    expectRefreshes: (provider: string): void => {
      for (const result of RESULTS) refreshes.inc({ provider, result }, 0);
    },
    countRefresh: (provider: string, result: RefreshResult): void =>
      refreshes.inc({ provider, result }),
  };
}
