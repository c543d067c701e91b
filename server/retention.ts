import { PREVIOUS_WEBHOOK_SECRET } from './store/secrets/secrets.ts';
import { deleteOldEvents, dropOldPayloads, EVENT_KEPT_MS } from './inbox/drop-old-payloads.ts';
import { repeat } from './timers.ts';
import type { Log } from './log.ts';
import type { FeatureParts } from './features/feature.ts';
import { removeAgain } from './inbox/remove-again.ts';
import { deleteWhatExpired, type Stores } from './store/create-stores.ts';
import type { Database } from './store/engines/database.ts';

const EVERY_MS = 60 * 60_000;
/** Deliveries under way when a secret changes arrive within 15 minutes (OpenAPI Webhooks, retry policy). */
const PREVIOUS_SECRET_KEPT_MS = 60 * 60_000;

/** Deletes what is kept for a time only: once now, and then every hour. Returns what ends it. */
export async function forgetWhatIsOld(options: {
  database: Database;
  stores: Stores;
  parts: readonly FeatureParts[];
  /** Ends installations that nobody goes on with. */
  endInstallations: () => Promise<void>;
  now: () => number;
  log: Log;
}): Promise<() => void> {
  const { database, stores, now } = options;

  const chores: (() => Promise<void>)[] = [
    () => deleteWhatExpired(stores),
    () => stores.secrets.removeOlderThan(PREVIOUS_WEBHOOK_SECRET, PREVIOUS_SECRET_KEPT_MS),
    () => dropOldPayloads(database, now),
    () => deleteOldEvents(database, now),
    () => stores.conversations.deleteSilentSince(now() - EVENT_KEPT_MS),
    () => removeAgain(stores, now),
    ...options.parts.flatMap(({ deleteOld }) => deleteOld ?? []),
    // Last: what the others deleted is gone from the files after it.
    () => database.forgetDeleted(),
  ];

  /** One that fails does not keep the others from being done. */
  async function forget(): Promise<void> {
    for (const chore of chores) await run(chore);
  }

  async function run(chore: () => Promise<void>): Promise<void> {
    await chore().catch((error: unknown) => {
      options.log.error({ error }, 'Old data could not be deleted; trying again in an hour.');
    });
  }

  await forget();
  // Asks others, so the start does not wait for it.
  void run(options.endInstallations);
  return repeat(async () => {
    await forget();
    await run(options.endInstallations);
  }, EVERY_MS);
}
