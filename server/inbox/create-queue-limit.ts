import { sql } from 'kysely';
import type { Database } from '../store/engines/database.ts';
import { conversationLane, laneEnd } from './lanes.ts';

/** Events of one account that may wait; Zendesk is asked to keep the others for some minutes. */
export const MAX_WAITING = 10_000;
/** Counting costs more than storing, so it is done once for so many. */
const COUNTED_FOR = 1_000;
/** How long a full queue is believed to be full. */
const FULL_FOR_MS = 1_000;
const ACCOUNTS_REMEMBERED = 10_000;

export type HasRoom = (installationId: string, events: number) => Promise<boolean>;

/** Bounds what one account can leave to be worked off. Counted by each instance, so about right. */
export function createQueueLimit(options: {
  database: Database;
  maxWaiting: number;
  now: () => number;
}): HasRoom {
  const { maxWaiting, now } = options;
  /** How many more of each account may be stored before they are counted again. */
  const allowances = new Map<string, { left: number; fullUntil: number }>();

  /** Of the events that are not settled, which have an index of their own; no more than matter. */
  async function countUnsettled(installationId: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from (
        select 1 from events
        where state in ('waiting', 'working')
          and conversation_key >= ${conversationLane(installationId, '')}
          and conversation_key < ${laneEnd(installationId)}
        limit ${sql.lit(maxWaiting)}
      ) as unsettled`.execute(options.database.kysely);
    return rows[0]?.count ?? 0;
  }

  return async (installationId, events) => {
    let allowance = allowances.get(installationId);
    if (allowance !== undefined && allowance.fullUntil > now()) return false;
    if (allowance === undefined || allowance.left < events) {
      const room = maxWaiting - (await countUnsettled(installationId));
      const fullUntil = room < events ? now() + FULL_FOR_MS : 0;
      allowance = { left: Math.min(room, COUNTED_FOR), fullUntil };
      if (allowances.size >= ACCOUNTS_REMEMBERED) allowances.clear();
      allowances.set(installationId, allowance);
      if (fullUntil > 0) return false;
    }
    allowance.left -= events;
    return true;
  };
}
