import { webhookTarget } from '../../installations/webhook/reconcile.ts';
import type { Installation } from '../../store/schema.ts';
import { TRIGGERS } from '../../zendesk/events.ts';
import type { Webhook } from '../../zendesk/webhooks.ts';
import { type Finding, ok, problem } from './finding.ts';

const CHECK = 'webhook';
const FIX = 'Restart the app, or choose “Check webhook again” on the status page of the account.';

/** Targets are shown without their path: it is what keeps strangers from finding it. */
export function judgeWebhook(
  about: { name: string; installation: Installation; publicUrl: string },
  existing: readonly Webhook[],
): Finding {
  const { name, installation, publicUrl } = about;
  const target = webhookTarget(publicUrl, installation.id);
  const ours = existing.find((webhook) => webhook.target === target);
  if (ours !== undefined) {
    const missing = TRIGGERS.filter((trigger) => !ours.triggers.includes(trigger));
    if (missing.length === 0) return ok(CHECK, `${name}: registered and points here.`);
    return problem(CHECK, `${name}: the webhook lacks ${missing.join(', ')}.`, FIX);
  }
  const moved = existing.find(({ id }) => id === installation.webhook_id);
  if (moved === undefined) return problem(CHECK, `${name}: no webhook points here.`, FIX);
  const elsewhere = URL.canParse(moved.target) ? new URL(moved.target).origin : 'something else';
  return problem(CHECK, `${name}: the webhook points to ${elsewhere}, not to ${publicUrl}.`, FIX);
}
