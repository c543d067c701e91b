import { sql } from 'kysely';
import type { EventState } from '../../store/schema.ts';

/** Looked at in one go, so that a long queue does not get longer by being measured. */
export const COUNTED_AT_MOST = 10_000;

/** In the order of the partial indexes, so that no plan reads the settled rows, of which there are millions. */
const unsettled = sql`
  select seq, state from events where state in ('waiting', 'working')
  order by conversation_key, seq limit ${sql.lit(COUNTED_AT_MOST)}`;
const failed = sql`
  select state from events where state = 'failed'
  order by installation_id, seq limit ${sql.lit(COUNTED_AT_MOST)}`;

type Count = { state: EventState; count: number };
export const countUnsettled = sql<Count>`
  select state, count(*) as count from (${unsettled}) as unsettled group by state`;
export const countFailed = sql<Count>`
  select state, count(*) as count from (${failed}) as failed group by state`;
export const findOldest = sql<{ received_at: number }>`
  select received_at from events where seq = (select min(seq) from (${unsettled}) as unsettled)`;
