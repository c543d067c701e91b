import type { Core } from './core.ts';
import { endInstallations } from './installations/uninstall/end-installations.ts';
import type { Stores } from './store/create-stores.ts';
import { PREVIOUS_WEBHOOK_SECRET } from './store/secrets/secrets.ts';
import { repeat } from './timers.ts';

const EVERY_MS = 60 * 60_000;
/** Deliveries under way when a secret changes arrive within 15 minutes (OpenAPI Webhooks, retry policy). */
const PREVIOUS_SECRET_KEPT_MS = 60 * 60_000;

/** Deletes what is kept for a time only: once at the start, and then every hour. */
export function createRetention(core: Core) {
  const chores = listDeletions(core);
  let endRepeating = () => {};

  /** One that fails does not keep the others from being done. */
  async function run(...some: (() => Promise<void>)[]): Promise<void> {
    for (const chore of some) {
      if (!core.isReady()) return;
      await chore().catch((error: unknown) => {
        // A stop closes the database on what is under way; the next start goes on with it.
        if (!core.isReady()) return;
        core.log.error({ error }, 'Old data could not be deleted; trying again in an hour.');
      });
    }
  }

  return {
    /** Resolves after the first time. */
    async start(): Promise<void> {
      await run(...chores);
      if (!core.isReady()) return;
      // Asks Zendesk, so the start does not wait for it.
      void run(() => endInstallations(core, true));
      endRepeating = repeat(() => run(...chores, () => endInstallations(core)), EVERY_MS);
    },
    stop: (): void => endRepeating(),
  };
}

/** Everything that is kept for a time only; for how long stands with what is deleted. */
export function listDeletions(core: Stores & Pick<Core, 'database' | 'parts'>) {
  const { database, secrets, parts } = core;
  return [
    () => core.oauthAttempts.deleteOld(),
    () => core.sessions.deleteOld(),
    () => core.locks.deleteOld(),
    () => secrets.removeOlderThan(PREVIOUS_WEBHOOK_SECRET, PREVIOUS_SECRET_KEPT_MS),
    ...parts.flatMap(({ deleteOld }) => deleteOld ?? []),
    // After all of these: what they deleted is gone from the files then.
    () => database.forgetDeleted(),
  ];
}
