import type { Core } from '../../core.ts';
import { AppError } from '../../errors.ts';
import { listTriggers } from '../../inbox/event-types.ts';
import { isRetryable, isTokenRejected, RemoteError } from '../../remote-error.ts';
import type { Installation } from '../../store/schema.ts';
import {
  installationOwner,
  PREVIOUS_WEBHOOK_SECRET,
  WEBHOOK_SECRET,
} from '../../store/secrets/secrets.ts';
import { planWebhook, WEBHOOK_LIMIT, type Webhook } from '../../zendesk/webhooks.ts';

export type ReconcileNeeds = Pick<
  Core,
  'config' | 'eventTypes' | 'installations' | 'secrets' | 'locks' | 'zendesk' | 'observe'
>;

const OUTCOME_TEXT = {
  kept: 'Webhook checked: it is registered and points here.',
  patched: 'Webhook updated: it points here now.',
  created: 'Webhook registered: messages arrive from now on.',
  replaced: 'Webhook registered in place of the one you picked.',
  'limit-reached': `No webhook yet: all ${WEBHOOK_LIMIT} are taken, and one of them has to be replaced.`,
};
/** `gone`: the installation was removed meanwhile. */
export type ReconcileOutcome = keyof typeof OUTCOME_TEXT | 'gone';

/** Returns where Zendesk delivers an installation's events. */
export function webhookTarget(publicUrl: string, installationId: string): string {
  return `${publicUrl}/webhooks/${installationId}`;
}

/**
 * Makes Zendesk have the webhook we want, and us its secret. Of another deployment's nothing is touched
 * unless the owner names it in `replace`. One at a time per installation, across instances.
 * @throws RemoteError
 */
export async function reconcileWebhook(
  core: ReconcileNeeds,
  installationId: string,
  { replace }: { replace?: string | undefined } = {},
): Promise<ReconcileOutcome> {
  return await withWebhookLock(core, installationId, async () => {
    const installation = await core.installations.find(installationId);
    if (installation === undefined) return 'gone';
    const subject = { installationId, kind: 'webhook', title: 'The webhook was checked' } as const;
    const outcome = await core.observe.work(subject, () => reconcile(core, installation, replace));
    if (outcome !== 'kept')
      await core.observe.note(installationId, 'webhook', OUTCOME_TEXT[outcome]);
    return outcome;
  });
}

async function reconcile(
  core: ReconcileNeeds,
  installation: Installation,
  replace: string | undefined,
): Promise<keyof typeof OUTCOME_TEXT> {
  const { webhooks } = await core.zendesk.clientFor(installation);
  const wanted = {
    target: webhookTarget(core.config.publicUrl, installation.id),
    triggers: listTriggers(core.eventTypes),
  };
  const existing = await webhooks.list();
  const storedId = installation.webhook_id;
  const here = webhookTarget(core.config.publicUrl, '');
  const plan = planWebhook({ wanted, existing, storedId, here });
  const counts = { existing: existing.length, limit: WEBHOOK_LIMIT };
  core.observe.step({ key: 'webhook-planned', ...counts, action: plan.action });
  switch (plan.action) {
    case 'keep':
      await remember(core, installation, plan.webhook);
      return 'kept';
    case 'patch':
      await remember(core, installation, await webhooks.update(plan.webhook.id, plan.changes));
      return 'patched';
    case 'create':
      await remember(core, installation, await webhooks.create(wanted));
      return 'created';
    case 'ask-owner':
      if (!existing.some(({ id }) => id === replace) || replace === undefined)
        return 'limit-reached';
      await webhooks.remove(replace);
      await remember(core, installation, await webhooks.create(wanted));
      return 'replaced';
  }
}

async function remember(core: ReconcileNeeds, { id }: Installation, webhook: Webhook) {
  await rememberSecret(core, id, webhook);
  await core.installations.update(id, { webhook_id: webhook.id, webhook_target: webhook.target });
  core.observe.step({ key: 'webhook-remembered' });
}

/** The secret it had before stays good for deliveries that are on their way. */
export async function rememberSecret(
  { secrets }: Pick<Core, 'secrets'>,
  id: string,
  { secret }: Webhook,
) {
  const owner = installationOwner(id);
  // One that cannot be decrypted counts as none: here it is replaced.
  const { [WEBHOOK_SECRET]: current } = await secrets.getAll(owner);
  if (secret === undefined || secret === current) return;
  if (current === undefined) await secrets.remove(owner, PREVIOUS_WEBHOOK_SECRET);
  else await secrets.put(owner, PREVIOUS_WEBHOOK_SECRET, current);
  await secrets.put(owner, WEBHOOK_SECRET, secret);
}

export function withWebhookLock<Result>(
  { locks }: Pick<Core, 'locks'>,
  id: string,
  work: () => Promise<Result>,
) {
  return locks.withLock(`webhook:${id}`, { waitMs: 30_000 }, work);
}

/** What went wrong with the webhook, or another button's call, in words for the owner; undefined when nobody can know. */
export function explainToOwner(error: unknown): string | undefined {
  if (error instanceof AppError) return `${error.message} ${error.hint}`;
  if (!(error instanceof RemoteError)) return undefined;
  if (error.operation === 'CreateWebhook' && error.status === 400) {
    return (
      'Zendesk refused to create it, most likely because it cannot reach this app’s address from outside. ' +
      'Open this page’s address in a browser on another network: if it does not load there, set PUBLIC_URL to one that does. Then check the webhook again.'
    );
  }
  if (isRetryable(error)) {
    const whatToDo = /Webhook/.test(error.operation) ? 'Check the webhook again' : 'Try again';
    return `Zendesk did not answer properly. ${whatToDo} in a moment.`;
  }
  if (isTokenRejected(error))
    return 'Zendesk no longer accepts our token. Connect the account again.';
  return `Zendesk refused (${error.message}). Try again; if it goes on, show this to whoever runs this app.`;
}
