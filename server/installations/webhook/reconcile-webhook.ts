import type { Observe } from '../../observe.ts';
import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { InstallationStore } from '../../store/tables/installations.ts';
import type { Locks } from '../../store/tables/locks.ts';
import {
  PREVIOUS_WEBHOOK_SECRET,
  WEBHOOK_SECRET,
  installationOwner,
  type SecretStore,
} from '../../store/secrets/secrets.ts';
import type { Installation } from '../../store/schema.ts';
import { TRIGGERS } from '../../zendesk/events.ts';
import { planWebhook, WEBHOOK_LIMIT } from '../../zendesk/webhooks.ts';
import type { Webhook } from '../../zendesk/webhooks.ts';
import type { Zendesk } from '../../zendesk/client.ts';

export type ReconcileOutcome = 'kept' | 'patched' | 'created' | 'replaced' | 'limit-reached';
export type ReconcileWebhook = (
  installationId: string,
  options?: { replace?: string | undefined },
) => Promise<ReconcileOutcome>;

const OUTCOME_TEXT: Record<ReconcileOutcome, string> = {
  kept: 'Webhook checked: it is registered and points here.',
  patched: 'Webhook updated: it points here now.',
  created: 'Webhook registered: messages arrive from now on.',
  replaced: 'Webhook registered in place of the one you picked.',
  'limit-reached': `No webhook yet: all ${WEBHOOK_LIMIT} are taken. Pick one to replace on the status page.`,
};

const webhookLock = (installationId: string): string => `webhook:${installationId}`;
const LOCK_TIMES = { waitMs: 30_000 };

/** Where Zendesk delivers an installation's events. */
export function webhookTarget(publicUrl: string, installationId: string): string {
  return `${publicUrl}/webhooks/${installationId}`;
}

/**
 * Makes Zendesk have the webhook we want, and us its secret. Of another webhook nothing is touched
 * unless the owner names it in `replace`. One at a time per installation, across instances.
 */
export function createReconcileWebhook(options: {
  publicUrl: string;
  installations: InstallationStore;
  secrets: SecretStore;
  activityLog: ActivityLog;
  locks: Locks;
  zendesk: Pick<Zendesk, 'clientFor'>;
  observe: Observe;
}): ReconcileWebhook {
  const { installations, secrets, activityLog, observe } = options;

  async function reconcile(
    installation: Installation,
    replace: string | undefined,
  ): Promise<ReconcileOutcome> {
    const { webhooks } = await options.zendesk.clientFor(installation);
    const wanted = {
      target: webhookTarget(options.publicUrl, installation.id),
      triggers: [...TRIGGERS],
    };
    const existing = await webhooks.list();
    const plan = planWebhook({
      wanted,
      existing,
      storedId: installation.webhook_id,
      limit: WEBHOOK_LIMIT,
    });
    const { action } = plan;
    observe.step({
      key: 'webhook-planned',
      existing: existing.length,
      limit: WEBHOOK_LIMIT,
      action,
    });
    switch (plan.action) {
      case 'keep':
        await remember(installation, plan.webhook);
        return 'kept';
      case 'patch':
        await remember(installation, await webhooks.update(plan.webhook.id, plan.changes));
        return 'patched';
      case 'create':
        await remember(installation, await webhooks.create(wanted));
        return 'created';
      case 'ask-owner':
        if (!existing.some(({ id }) => id === replace) || replace === undefined)
          return 'limit-reached';
        await webhooks.remove(replace);
        await remember(installation, await webhooks.create(wanted));
        return 'replaced';
    }
  }

  async function remember({ id }: Installation, webhook: Webhook): Promise<void> {
    await rememberSecret(secrets, id, webhook);
    await installations.update(id, { webhook_id: webhook.id, webhook_target: webhook.target });
    observe.step({ key: 'webhook-remembered' });
  }

  return (installationId, { replace } = {}) =>
    options.locks.withLock(webhookLock(installationId), LOCK_TIMES, async () => {
      const installation = await installations.find(installationId);
      if (installation === undefined) return 'limit-reached';
      const subject = {
        installationId,
        kind: 'webhook',
        title: 'The webhook was checked',
      } as const;
      const outcome = await observe.work(subject, () => reconcile(installation, replace));
      if (outcome !== 'kept')
        await activityLog.add(installationId, 'webhook', OUTCOME_TEXT[outcome]);
      return outcome;
    });
}

/**
 * Looks up the secret of the webhook that is ours by its id, and nothing else: whoever delivers with a wrong
 * key may make us ask, so it must neither change nor create anything at Zendesk.
 */
export function createRereadSecret(options: {
  installations: InstallationStore;
  secrets: SecretStore;
  locks: Locks;
  zendesk: Pick<Zendesk, 'clientFor'>;
}): (installationId: string) => Promise<void> {
  return (installationId) =>
    options.locks.withLock(webhookLock(installationId), LOCK_TIMES, async () => {
      const installation = await options.installations.find(installationId);
      if (installation === undefined) return;
      const { webhooks } = await options.zendesk.clientFor(installation);
      const ours = (await webhooks.list()).find(({ id }) => id === installation.webhook_id);
      if (ours !== undefined) await rememberSecret(options.secrets, installationId, ours);
    });
}

/** The secret it had before stays good for deliveries that are on their way. */
async function rememberSecret(
  secrets: SecretStore,
  installationId: string,
  { secret }: Webhook,
): Promise<void> {
  const owner = installationOwner(installationId);
  // One that cannot be decrypted counts as none: here it is replaced.
  const { [WEBHOOK_SECRET]: current } = await secrets.getAll(owner);
  if (secret === undefined || secret === current) return;
  if (current === undefined) await secrets.remove(owner, PREVIOUS_WEBHOOK_SECRET);
  else await secrets.put(owner, PREVIOUS_WEBHOOK_SECRET, current);
  await secrets.put(owner, WEBHOOK_SECRET, secret);
}

/** After PUBLIC_URL changed, for example a new tunnel: every webhook follows. */
export async function reconcileMovedWebhooks(options: {
  publicUrl: string;
  installations: InstallationStore;
  reconcileWebhook: ReconcileWebhook;
  onFailure: (installation: Installation, error: unknown) => void;
}): Promise<void> {
  for (const installation of await options.installations.list()) {
    const moved = installation.webhook_target !== webhookTarget(options.publicUrl, installation.id);
    if (installation.status !== 'active' || !moved) continue;
    try {
      await options.reconcileWebhook(installation.id);
    } catch (error) {
      options.onFailure(installation, error);
    }
  }
}
