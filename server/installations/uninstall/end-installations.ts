import type { Core } from '../../core.ts';
import type { Installation } from '../../store/schema.ts';
import { completeInstall } from '../install/complete.ts';
import { revokeAccess, uninstall } from './uninstall.ts';

const MINUTE_MS = 60_000;
/** Until then somebody may still be at it. */
const LEFT_ALONE_MS = 10 * MINUTE_MS;
/** So long an install may wait to be finished, a removal for Zendesk to be told, a token to be judged. */
const UNFINISHED_KEPT_MS = 24 * 60 * MINUTE_MS;

/**
 * What was begun has an end: an install that was interrupted is finished, or given up after a day; a removal
 * that somebody died over goes on, at a start without waiting for the hour.
 */
export async function endInstallations(core: Core, isStart = false): Promise<void> {
  for (const { id } of await core.installations.listUnfinished()) {
    // Zendesk may have kept us waiting for the one before: this one may have been connected again.
    const installation = await core.installations.find(id);
    if (installation === undefined) continue;
    if (core.now() - installation.status_at < LEFT_ALONE_MS)
      if (!isStart || installation.status !== 'removing') continue;
    await end(core, installation).catch((error: unknown) => {
      const text = 'An installation could not be ended; trying again.';
      core.log.error({ error, installationId: id }, text);
    });
  }
}

async function end(core: Core, installation: Installation): Promise<void> {
  const { id, status } = installation;
  if (status === 'installing') await finishOrGiveUp(core, id);
  if (status === 'removing') await finishRemoval(core, installation);
  // Whoever looked at its token does not go on: if it is dead, the next call will show it.
  if (status === 'checking' && isOverdue(core, installation))
    await core.installations.setStatus(id, ['checking'], 'active');
}

const isOverdue = ({ now }: Core, { status_at: since }: Installation): boolean =>
  now() - since >= UNFINISHED_KEPT_MS;

async function finishOrGiveUp(core: Core, id: string): Promise<void> {
  try {
    await completeInstall(core, id);
  } catch {
    // Its visitor may have come back meanwhile, with a new permission for one: nothing of that may go.
    const installation = await core.installations.find(id);
    if (installation?.status !== 'installing' || !isOverdue(core, installation)) return;
    await revokeAccess(core, installation).catch((error: unknown) => {
      // Nobody can use it any more.
      const warning = 'The token of an unfinished install was not revoked.';
      core.log.warn({ error, installationId: id }, warning);
    });
    const text = 'An install that was never finished was deleted.';
    await core.installations.remove(id, { kind: 'removed', text }, 'installing');
  }
}

/** What its owner had asked for is done; Zendesk, which has to know first, is waited for a day. */
async function finishRemoval(core: Core, installation: Installation) {
  const { id: installationId, display_name: name } = installation;
  await revokeAccess(core, installation).catch((error: unknown) => {
    if (!isOverdue(core, installation)) throw error;
    core.log.warn({ error, installationId }, 'Zendesk was not told of a removal.');
  });
  const text = `The removal of ${name} had been interrupted, and was finished.`;
  await uninstall(core, installation, text, 'removing');
}
