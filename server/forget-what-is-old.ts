import { dropOldPayloads } from './inbox/drop-old-payloads.ts';
import type { Log } from './runtime/types.ts';
import { deleteWhatExpired, type Stores } from './store/create-stores.ts';
import type { Database } from './store/database.ts';

const EVERY_MS = 60 * 60_000;

/** Deletes what was kept long enough: when it starts, and every hour until it is stopped. */
export function createForgetting(options: {
  stores: Stores;
  database: Database;
  now: () => number;
  log: Log;
}) {
  let timer: NodeJS.Timeout | undefined;

  async function forgetWhatIsOld(): Promise<void> {
    try {
      await deleteWhatExpired(options.stores);
      await dropOldPayloads(options.database, options.now);
    } catch (error) {
      options.log.error({ error }, 'Old data could not be deleted; trying again in an hour.');
    }
  }

  return {
    async start(): Promise<void> {
      timer = setInterval(() => void forgetWhatIsOld(), EVERY_MS);
      await forgetWhatIsOld();
    },
    stop: (): void => clearInterval(timer),
  };
}
