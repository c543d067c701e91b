import { sql } from 'kysely';
import type { Database } from '../../store/engines/database.ts';
import type { StoredEvent } from '../../store/schema.ts';
import { isUnsettledOf } from '../../store/tables/account-events.ts';

/** Events of one account that may wait; Zendesk is asked to keep the others for some minutes. */
const MAX_WAITING = 10_000;
/** Counting costs more than storing, so it is done once for so many. */
const COUNTED_FOR = 1_000;
/** How long a full queue is believed to be full. */
const FULL_FOR_MS = 1_000;
const ACCOUNTS_REMEMBERED = 10_000;

/**
 * Of one account, from an index of what is not settled; no more than matter. That `seq` is a number is said
 * for PostgreSQL: of a table without statistics it expects so few rows then that it reads the index itself,
 * which marks the entries of what was settled for all who come after. A bitmap of the index never does.
 */
export const countUnsettledOf = (installationId: string, atMost: number) => sql<{ count: number }>`
  select count(*) as count from (
    select 1 from events
    where ${isUnsettledOf(installationId)} and seq > 0 and seq < ${sql.lit(Number.MAX_SAFE_INTEGER)}
    limit ${sql.lit(atMost)}
  ) as unsettled`;

export type HasRoom = (installationId: string, events: number) => Promise<boolean>;

/** How many more of an account may be stored before they are counted again. */
interface Allowance {
  left: number;
  /** Until then it is believed that there is room for no more. */
  fullUntil: number;
}

/** Bounds what one account can leave to be worked off. Counted by each instance, so about right. */
export function createQueueLimit(
  { database, now }: { database: Pick<Database, 'kysely'>; now: () => number },
  maxWaiting = MAX_WAITING,
): HasRoom {
  const allowances = new Map<string, Allowance>();
  /** By account, while it is under way: all who come meanwhile wait for the same one. */
  const counts = new Map<string, Promise<Allowance>>();

  async function count(installationId: string, wanted: number): Promise<Allowance> {
    const { rows } = await countUnsettledOf(installationId, maxWaiting).execute(database.kysely);
    const room = maxWaiting - (rows[0]?.count ?? 0);
    const fullUntil = room < wanted ? now() + FULL_FOR_MS : 0;
    const allowance = { left: Math.min(room, COUNTED_FOR), fullUntil };
    if (allowances.size >= ACCOUNTS_REMEMBERED) allowances.clear();
    allowances.set(installationId, allowance);
    return allowance;
  }

  function countOnce(installationId: string, wanted: number): Promise<Allowance> {
    const underWay = counts.get(installationId);
    if (underWay !== undefined) return underWay;
    const begun = count(installationId, wanted).finally(() => counts.delete(installationId));
    counts.set(installationId, begun);
    return begun;
  }

  return async function hasRoom(installationId, events) {
    let allowance = allowances.get(installationId);
    while (allowance === undefined || (allowance.left < events && allowance.fullUntil <= now()))
      allowance = await countOnce(installationId, events);
    if (allowance.left < events) return false;
    allowance.left -= events;
    return true;
  };
}

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
