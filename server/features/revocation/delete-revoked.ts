import type { Core } from '../../core.ts';
import { uninstall } from '../../installations/uninstall/uninstall.ts';

/** As long as that, whoever installs the bot again finds everything but what customers wrote. */
const REVOKED_KEPT_MS = 30 * 24 * 60 * 60_000;

/** Deletes what is stored of accounts that left so long ago. */
export async function deleteRevoked(core: Core): Promise<void> {
  const revoked = (await core.installations.listUnfinished()).filter(
    ({ status, status_at: since }) => status === 'revoked' && core.now() - since >= REVOKED_KEPT_MS,
  );
  for (const { id, display_name: name } of revoked) {
    const text = `${name} had removed the bot 30 days ago, so everything stored of it was deleted.`;
    if (await uninstall(core, { id }, text, 'revoked'))
      core.log.info({ installationId: id }, 'Everything of an account that had left was deleted.');
  }
}
