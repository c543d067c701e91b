import type { Core } from '../../core.ts';
import {
  rememberSecret,
  webhookTarget,
  withWebhookLock,
} from '../../installations/webhook/reconcile.ts';
import { findOurs } from '../../zendesk/webhooks.ts';
import type { Feature } from '../feature.ts';

/** A wrong key makes us ask Zendesk, so nobody may make us do it often … */
const REREAD_EVERY_MS = 60_000;
/** … but an answer that failed to come is missed by deliveries that may be right. */
const REREAD_AFTER_FAILURE_MS = 5_000;
/** More installations than that are hardly met with a wrong key in one minute. */
const REREADS_REMEMBERED = 1_000;

type Needs = Pick<
  Core,
  'config' | 'installations' | 'secrets' | 'locks' | 'zendesk' | 'log' | 'now'
>;

/**
 * A webhook's secret that was changed at Zendesk, or that we never came to store, is learned there, when a
 * delivery comes with another key.
 */
export const changedSecrets: Feature = {
  name: 'changed-secrets',
  open: (core) => ({ refreshSecret: createRereads(core) }),
};

/**
 * Asks at most once a minute, sooner where no answer came. The promise says whether Zendesk has told us the secret
 * just now, or a moment ago.
 */
function createRereads(core: Needs): (installationId: string) => Promise<boolean> {
  const { log, now } = core;
  /** Of each installation the latest, until it may be asked about again. */
  const rereads = new Map<string, { until: number; succeeded: Promise<boolean> }>();

  return async function reread(installationId) {
    const last = rereads.get(installationId);
    if (last !== undefined && last.until > now()) return await last.succeeded;
    if (rereads.size >= REREADS_REMEMBERED)
      for (const [old, { until }] of rereads) if (until <= now()) rereads.delete(old);
    const succeeded = rereadSecret(core, installationId).then(
      () => true,
      (error: unknown) => {
        const details = { error, installationId };
        log.warn(details, 'Zendesk could not be asked for the secret of the webhook.');
        return false;
      },
    );
    const entry = { until: now() + REREAD_EVERY_MS, succeeded };
    rereads.set(installationId, entry);
    if (!(await succeeded)) entry.until = now() + REREAD_AFTER_FAILURE_MS;
    return await succeeded;
  };
}

/**
 * Looks up the secret of the webhook that is ours, and nothing else: whoever delivers with a wrong key may make
 * us ask, so it must neither change nor create anything at Zendesk.
 */
async function rereadSecret(core: Needs, installationId: string): Promise<void> {
  await withWebhookLock(core, installationId, async () => {
    const installation = await core.installations.find(installationId);
    if (installation === undefined) return;
    const { webhooks } = await core.zendesk.clientFor(installation);
    // Whoever registered it may have died before its id was stored.
    const target = webhookTarget(core.config.publicUrl, installationId);
    const ours = findOurs(await webhooks.list(), { target, storedId: installation.webhook_id });
    if (ours !== undefined) await rememberSecret(core, installationId, ours);
  });
}
