import { Counter, type Registry } from 'prom-client';
import type { Occurrences } from '../../observe.ts';

type RefreshResult = Occurrences['token-refreshed']['result'];

const RESULTS: RefreshResult[] = ['renewed', 'dead', 'refused', 'scope', 'busy', 'unavailable'];

export function createTokenMetrics(registry: Registry) {
  const refreshes = new Counter({
    name: 'shopkeeper_token_refreshes_total',
    help: "Renewals of connections' access tokens: renewed, or what kind of failure it was.",
    labelNames: ['provider', 'result'],
    registers: [registry],
  });

  return {
    /** An increase can be told only of what has been seen before, the first dead connection included. */
    expectRefreshes(provider: string): void {
      for (const result of RESULTS) refreshes.inc({ provider, result }, 0);
    },

    countRefresh: (provider: string, result: RefreshResult): void =>
      refreshes.inc({ provider, result }),
  };
}
