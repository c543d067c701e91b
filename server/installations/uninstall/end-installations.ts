import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import { isTokenRejected } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import { ACCESS_TOKEN, installationOwner } from '../../store/secrets/secrets.ts';
import { completeInstall } from '../install/complete.ts';
import { scheduleCheck } from './check.ts';
import { uninstall } from './uninstall.ts';

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
export async function endInstallations(core: Core): Promise<void> {
  for (const installation of await core.installations.listUnfinished()) {
    await end(core, installation).catch((error: unknown) => {
      const { id: installationId } = installation;
      const text = 'An installation could not be ended; trying again.';
      core.log.error({ error, installationId }, text);
    });
  }
}

/** At start, without waiting for the hour: a removal that somebody died over goes on. */
export async function resumeRemovals(core: Core): Promise<void> {
  for (const { id, status } of await core.installations.listUnfinished())
    if (status === 'removing') await scheduleCheck(core, id);
}

async function end(core: Core, installation: Installation): Promise<void> {
  const { id, status, status_at: since } = installation;
  const age = core.now() - since;
  if (age < LEFT_ALONE_MS) return;
  if (status === 'installing') await finishOrGiveUp(core, id, age);
  if (status === 'removing') await scheduleCheck(core, id);
  if (status === 'revoked' && age >= REVOKED_KEPT_MS) await deleteRevoked(core, installation);
}

async function finishOrGiveUp(core: Core, id: string, age: number): Promise<void> {
  try {
    await completeInstall(core, id);
  } catch (error) {
    const isDead = error instanceof AppError && isTokenRejected(error.cause);
    if (!isDead && age < INSTALLING_KEPT_MS) return;
    if (!isDead) await revokeToken(core, id);
    const text = 'An install that was never finished was deleted.';
    await core.installations.remove(id, { kind: 'removed', text });
  }
}

/** Tells Zendesk that an unfinished install was given up. */
async function revokeToken({ secrets, zendesk, log }: Core, installationId: string): Promise<void> {
  try {
    const token = await secrets.get(installationOwner(installationId), ACCESS_TOKEN);
    if (token !== undefined) await zendesk.revokeToken(token);
  } catch (error) {
    // It says nothing about an account, and nobody can use it any more.
    log.warn({ error, installationId }, 'The token of an unfinished install was not revoked.');
  }
}

async function deleteRevoked(core: Core, { id, display_name: name }: Installation): Promise<void> {
  const text = `${name} had removed the bot 30 days ago, so everything stored of it was deleted.`;
  await uninstall(core, { id }, text, 'revoked');
  core.log.info({ installationId: id }, 'Everything of an account that had left was deleted.');
}
