import { createHash } from 'node:crypto';
import type { Installation } from '../store/schema.ts';
import { WEBHOOK_LIMIT } from '../zendesk/plan-webhook.ts';
import type { Webhook } from '../zendesk/webhooks.ts';
import { explainReconcileFailure } from './explain-reconcile-failure.ts';
import type { OpenAccount } from './open-account.ts';
import { webhookTarget } from './reconcile-webhook.ts';

/** What the status page says about the webhook, as Zendesk has it at this moment. */
export function createDescribeWebhook(options: { publicUrl: string; openAccount: OpenAccount }) {
  return async (installation: Installation) => {
    const target = webhookTarget(options.publicUrl, installation.id);
    try {
      const { webhooks } = await options.openAccount(installation);
      const list = await webhooks.list();
      return {
        ...judge(list, target),
        limit: WEBHOOK_LIMIT,
        list: list.map((webhook) => present(webhook, target)),
      };
    } catch (error) {
      const explanation = explainReconcileFailure(error) ?? 'Reload this page in a moment.';
      return { state: 'unknown', explanation, limit: WEBHOOK_LIMIT, list: [] };
    }
  };
}

function judge(list: readonly Webhook[], target: string) {
  if (list.some((webhook) => webhook.target === target))
    return { state: 'registered', explanation: null };
  if (list.length >= WEBHOOK_LIMIT) return { state: 'limit', explanation: null };
  return { state: 'missing', explanation: 'Check it again to register it.' };
}

/** The fingerprint lets an owner compare secrets without ever seeing one. */
function present({ id, target, triggers, secret }: Webhook, ours: string) {
  const digest = secret === undefined ? null : createHash('sha256').update(secret).digest('hex');
  return {
    id,
    target,
    triggers,
    ours: target === ours,
    secretFingerprint: digest?.slice(0, 12) ?? null,
  };
}
