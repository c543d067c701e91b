import type { Core } from './core.ts';
import { deleteOldEvents, dropOldPayloads, EVENT_KEPT_MS } from './inbox/drop-old-payloads.ts';
import { removeAgain } from './inbox/remove-again.ts';
import { endInstallations } from './installations/uninstall/end-installations.ts';
import { deleteWhatExpired } from './store/create-stores.ts';
import { PREVIOUS_WEBHOOK_SECRET } from './store/secrets/secrets.ts';
import { repeat } from './timers.ts';

const EVERY_MS = 60 * 60_000;
/** Deliveries under way when a secret changes arrive within 15 minutes (OpenAPI Webhooks, retry policy). */
const PREVIOUS_SECRET_KEPT_MS = 60 * 60_000;

/** Deletes what is kept for a time only: once now, and then every hour. Returns what ends it. */
export async function startRetention(core: Core): Promise<() => void> {
  const { database, secrets, conversations, parts, now } = core;

  const chores: (() => Promise<void>)[] = [
    () => deleteWhatExpired(core),
    () => secrets.removeOlderThan(PREVIOUS_WEBHOOK_SECRET, PREVIOUS_SECRET_KEPT_MS),
    () => dropOldPayloads(database, now),
    () => deleteOldEvents(database, now),
    () => conversations.deleteSilentSince(now() - EVENT_KEPT_MS),
    () => removeAgain(core, now),
    ...parts.flatMap(({ deleteOld }) => deleteOld ?? []),
    // After all of these: what they deleted is gone from the files then.
    () => database.forgetDeleted(),
  ];
  const asking = () => endInstallations(core);

  /** One that fails does not keep the others from being done. */
  async function run(...some: (() => Promise<void>)[]): Promise<void> {
    for (const chore of some) {
      await chore().catch((error: unknown) => {
        core.log.error({ error }, 'Old data could not be deleted; trying again in an hour.');
      });
    }
  }

  await run(...chores);
  // Asks Zendesk, so the start does not wait for it.
  void run(asking);
  return repeat(() => run(...chores, asking), EVERY_MS);
}
