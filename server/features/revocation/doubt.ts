import { sql } from 'kysely';
import type { Core } from '../../core.ts';
import { ATTEMPTS_ALLOWED } from '../../inbox/retry.ts';
import { isForeignKeyViolation } from '../../store/engines/database.ts';
import { whileThere } from '../../store/tables/installations.ts';
import { beginCheck } from './token-checks.ts';

/** The job of the inbox, where it survives a restart; begins as the ids of jobs do (inbox/lanes.ts). */
export const CHECK_TOKEN = 'shopkeeper:check-token';

/** Begins a check, and is harmless while one is under way. `isReported`: Zendesk may have said it is over. */
export async function doubtToken(
  core: Pick<Core, 'database' | 'wake' | 'now'>,
  installationId: string,
  { isReported }: { isReported: boolean },
): Promise<void> {
  try {
    await beginCheck(core.database.kysely, installationId, isReported ? core.now() : null);
    await scheduleCheck(core, installationId);
    core.wake();
  } catch (error) {
    // Removed meanwhile, by its owner for one: there is nothing left to check.
    if (!isForeignKeyViolation(error)) throw error;
  }
}

/**
 * Makes the job wait in the inbox, so that it survives a restart like any event; one that is over is
 * revived. Asking again while it waits changes nothing.
 */
async function scheduleCheck(
  { database: { kysely, dialect }, now }: Pick<Core, 'database' | 'now'>,
  installationId: string,
): Promise<void> {
  const at = now();
  const fresh = {
    state: 'waiting',
    attempts: 0,
    attempts_allowed: ATTEMPTS_ALLOWED,
    run_at: at,
    received_at: at,
    settled_at: null,
  } as const;
  await kysely
    .insertInto('events')
    .values({
      ...fresh,
      installation_id: whileThere(dialect, sql.val(installationId)),
      event_id: CHECK_TOKEN,
      type: CHECK_TOKEN,
      // The sign keeps it apart: no id from outside can lead into its lane.
      conversation_key: `${installationId}#${CHECK_TOKEN}`,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['event_id', 'installation_id'])
        .doUpdateSet(fresh)
        .where('events.state', 'in', ['done', 'ignored', 'failed'])
        .where('events.type', '=', CHECK_TOKEN),
    )
    .execute();
}
