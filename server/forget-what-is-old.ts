import { PREVIOUS_WEBHOOK_SECRET } from './inbox/create-hook-lookup.ts';
import { dropOldPayloads } from './inbox/drop-old-payloads.ts';
import { repeat } from './inbox/repeat.ts';
import type { Log } from './log.ts';
import { deleteWhatExpired, type Stores } from './store/create-stores.ts';
import type { Database } from './store/database.ts';

const EVERY_MS = 60 * 60_000;
/** Deliveries under way when a secret changes arrive within 15 minutes (OpenAPI Webhooks, retry policy). */
const PREVIOUS_SECRET_KEPT_MS = 60 * 60_000;

/** Deletes what is kept for a time only: once now, and then every hour. Answers what ends it. */
export async function forgetWhatIsOld(options: {
  database: Database;
  stores: Stores;
  now: () => number;
  log: Log;
}): Promise<() => void> {
  async function forget(): Promise<void> {
    try {
      await deleteWhatExpired(options.stores);
      await options.stores.secrets.removeOlderThan(
        PREVIOUS_WEBHOOK_SECRET,
        PREVIOUS_SECRET_KEPT_MS,
      );
      await dropOldPayloads(options.database, options.now);
      await options.database.forgetDeleted();
    } catch (error) {
      options.log.error({ error }, 'Old data could not be deleted; trying again in an hour.');
    }
  }

  await forget();
  return repeat(forget, EVERY_MS);
}
