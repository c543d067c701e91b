import type { StoredEvent } from '../store/schema.ts';

/**
 * Shares the places of a worker among accounts: one may take another place as long as at least as many are
 * free as it has. Alone it gets half of them; however many are busy, a newcomer finds a place, until there
 * are as many busy accounts as halves ("dynamic thresholds", Choudhury and Hahne, 1998).
 */
export function createPlaces(total: number) {
  const taken = new Map<string, number>();
  let free = total;

  /** False: it has to wait until places get free. */
  function take(account: string): boolean {
    const own = taken.get(account) ?? 0;
    if (free === 0 || own > free) return false;
    taken.set(account, own + 1);
    free -= 1;
    return true;
  }

  function giveBack(account: string): void {
    const own = taken.get(account) ?? 0;
    if (own > 1) taken.set(account, own - 1);
    else taken.delete(account);
    free += 1;
  }

  return {
    free: () => free,
    giveBack,

    /** Takes a place for each event that is claimed. `isCrowded`: there are more, of accounts that have to wait. */
    async fill(claim: (admit: (account: string) => boolean) => Promise<StoredEvent[]>) {
      const unused: string[] = [];
      let isCrowded = false;
      function admit(account: string): boolean {
        const hasPlace = take(account);
        if (hasPlace) unused.push(account);
        else isCrowded = true;
        return hasPlace;
      }
      try {
        const events = await claim(admit);
        for (const { installation_id: account } of events)
          unused.splice(unused.indexOf(account), 1);
        return { events, isCrowded };
      } finally {
        // Other instances may have been faster with some of those that were to be claimed.
        for (const account of unused) giveBack(account);
      }
    },
  };
}
