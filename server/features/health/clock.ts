import { checkDatabaseClock } from '../../commands/doctor/check-clock.ts';
import type { Core } from '../../core.ts';

/** Says in the log that this machine's clock is off: retries, alarms and sessions come or end at wrong times. */
export async function reportClock({
  database,
  now,
  log,
}: Pick<Core, 'database' | 'now' | 'log'>): Promise<void> {
  if (database.dialect.serverTime === undefined) return;
  try {
    const { status, text, fix } = await checkDatabaseClock(database, now);
    if (status === 'problem') log.error({}, `${text} ${fix}`);
  } catch (error) {
    log.error({ error }, 'The clock could not be compared with that of the database.');
  }
}
