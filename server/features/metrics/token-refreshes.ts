import { Counter, type Registry } from 'prom-client';

/** In the words of the connections: renewed, or what kind of failure it was. */
const RESULTS = ['renewed', 'dead', 'refused', 'scope', 'busy', 'unavailable'] as const;
export type RefreshResult = (typeof RESULTS)[number];

export function createTokenMetrics(registry: Registry) {
  const refreshes = new Counter({
    name: 'shopkeeper_token_refreshes_total',
    help: "Renewals of connections' access tokens: renewed, or what kind of failure it was.",
    labelNames: ['provider', 'result'],
    registers: [registry],
  });

  return {
    /** An increase can be told only of what has been seen before, the first dead connection included. */
    expectRefreshes: (providers: readonly string[]): void => {
      for (const provider of providers)
        for (const result of RESULTS) refreshes.inc({ provider, result }, 0);
    },

    countRefresh: (provider: string, result: RefreshResult): void =>
      refreshes.inc({ provider, result }),
  };
}
