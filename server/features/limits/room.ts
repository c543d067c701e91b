import { sql } from 'kysely';
import type { EventHooks } from '../../inbox/event-hooks.ts';
import type { Database } from '../../store/engines/database.ts';
import { isUnsettledOf } from '../shared/account-events.ts';

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
): NonNullable<EventHooks['hasRoom']> {
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
