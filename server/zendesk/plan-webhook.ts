import type { Webhook, WebhookSettings } from './webhooks.ts';

/** "As an OAuth integration, you can create up to 3 such webhooks" (Building a marketplace bot). */
export const WEBHOOK_LIMIT = 3;

export type WebhookPlan =
  | { action: 'keep'; webhook: Webhook }
  | { action: 'patch'; webhook: Webhook; changes: Partial<WebhookSettings> }
  | { action: 'create' }
  /** No room: the owner has to pick one to replace, we never delete on our own. */
  | { action: 'ask-owner' };

/**
 * Decides how to get from the webhooks that exist to the one we want. Ours is the one whose id we
 * stored or whose target is ours; others may belong to another deployment that shares the client.
 */
export function planWebhook(options: {
  wanted: WebhookSettings;
  existing: readonly Webhook[];
  storedId: string | null;
  limit: number;
}): WebhookPlan {
  const { wanted, existing, storedId, limit } = options;
  const ours =
    existing.find(({ target }) => target === wanted.target) ??
    existing.find(({ id }) => id === storedId);
  if (ours === undefined) return { action: existing.length < limit ? 'create' : 'ask-owner' };
  const changes: Partial<WebhookSettings> = {
    ...(ours.target === wanted.target ? {} : { target: wanted.target }),
    ...(sameTriggers(ours.triggers, wanted.triggers) ? {} : { triggers: wanted.triggers }),
  };
  if (Object.keys(changes).length === 0) return { action: 'keep', webhook: ours };
  return { action: 'patch', webhook: ours, changes };
}

function sameTriggers(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && right.every((trigger) => left.includes(trigger));
}
