import { AppError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { isTokenRejected } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import type { InstallSteps } from '../install/complete-install.ts';
import { scheduleCheck, type Doubting } from './check.ts';
import { forget, type Forgetting } from './forget.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Until then somebody may still be at it. */
const LEFT_ALONE_MS = 10 * MINUTE_MS;
const INSTALLING_KEPT_MS = DAY_MS;
/** As long as that, whoever installs the bot again finds everything but what customers wrote. */
const REVOKED_KEPT_MS = 30 * DAY_MS;

/**
 * Every state but `active` has an end. An install that was interrupted is finished, or given up after a
 * day; an account that left is deleted after 30 days; a removal that somebody died over goes on.
 */
export function createEndInstallations(
  options: Forgetting & { steps: InstallSteps; doubting: Doubting; now: () => number; log: Log },
): () => Promise<void> {
  const { installations, steps, log } = options;

  async function finishOrGiveUp(installation: Installation, age: number): Promise<void> {
    const { id } = installation;
    try {
      await steps.complete(id);
    } catch (error) {
      const isDead = error instanceof AppError && isTokenRejected(error.cause);
      if (!isDead && age < INSTALLING_KEPT_MS) return;
      if (!isDead) await revokeToken(id);
      const text = 'An install that was never finished was deleted.';
      await installations.remove(id, { kind: 'removed', text });
    }
  }

  async function revokeToken(installationId: string): Promise<void> {
    try {
      await steps.giveBack(installationId);
    } catch (error) {
      // It says nothing about an account, and nobody can use it any more.
      log.warn({ error, installationId }, 'The token of an unfinished install was not revoked.');
    }
  }

  async function deleteRevoked({ id, display_name: name }: Installation): Promise<void> {
    const text = `${name} had removed the bot 30 days ago, so everything stored of it was deleted.`;
    await forget(options, { id }, text, 'revoked');
    log.info({ installationId: id }, 'Everything of an account that had left was deleted.');
  }

  async function end(installation: Installation): Promise<void> {
    const { id, status, status_at: since } = installation;
    const age = options.now() - since;
    if (age < LEFT_ALONE_MS) return;
    if (status === 'installing') await finishOrGiveUp(installation, age);
    if (status === 'removing') await scheduleCheck(options.doubting, id);
    if (status === 'revoked' && age >= REVOKED_KEPT_MS) await deleteRevoked(installation);
  }

  return async () => {
    for (const installation of await installations.listUnfinished()) {
      await end(installation).catch((error: unknown) => {
        const { id: installationId } = installation;
        log.error({ error, installationId }, 'An installation could not be ended; trying again.');
      });
    }
  };
}
