import { sql } from 'kysely';
import type { Core } from '../../core.ts';
import { ATTEMPTS_ALLOWED } from '../../inbox/retry.ts';

/** Small, so that on SQLite no delivery waits long for its turn. */
const BATCH = 500;
export const CAN_RUN_AGAIN = sql`state = 'failed' and payload is not null`;

type Needs = Pick<Core, 'database' | 'now'>;

const anotherRound = ({ now }: Needs) => sql`
  update events set state = 'waiting', run_at = ${now()}, settled_at = null,
    attempts_allowed = attempts + ${sql.lit(ATTEMPTS_ALLOWED)}`;

/** Returns false when the event is not in state `failed`. */
export async function runAgain(
  core: Needs,
  installationId: string,
  eventId: string,
): Promise<boolean> {
  const { rows } = await sql`
    ${anotherRound(core)}
    where installation_id = ${installationId} and event_id = ${eventId} and ${CAN_RUN_AGAIN}
    returning seq`.execute(core.database.kysely);
  return rows.length > 0;
}

/**
 * Every failed event of an installation once, the oldest first, so that each conversation keeps its
 * order and one that fails again at once is not met again. Returns how many.
 */
export async function runAllAgain(core: Needs, installationId: string): Promise<number> {
  let count = 0;
  let last = 0;
  for (;;) {
    // The state is asked again of the row itself: on PostgreSQL another's replay may be faster.
    const { rows } = await sql<{ seq: number }>`
      ${anotherRound(core)}
      where state = 'failed' and seq in (
        select seq from events
        where installation_id = ${installationId} and ${CAN_RUN_AGAIN} and seq > ${last}
        order by seq limit ${sql.lit(BATCH)}
      )
      returning seq`.execute(core.database.kysely);
    if (rows.length === 0) return count;
    count += rows.length;
    last = Math.max(...rows.map(({ seq }) => seq));
    await new Promise(setImmediate);
  }
}
