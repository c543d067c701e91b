import type { StoredEvent } from '../store/schema.ts';

/**
 * "Up to 5 attempts in 15 minutes" (OpenAPI Webhooks, retry policy): that long after a restore Zendesk may
 * deliver what was answered before it. Four times that, because clocks and queues differ.
 */
const REDELIVERED_FOR_MS = 60 * 60_000;

/**
 * Whether a reply to the event may exist already: an attempt was begun before, or the database was put
 * back from a backup, which does not know what was answered after it was taken.
 */
export function mayBeAnswered(
  { attempts, received_at: receivedAt }: Pick<StoredEvent, 'attempts' | 'received_at'>,
  restoredAt: number | undefined,
): boolean {
  if (attempts > 1) return true;
  return restoredAt !== undefined && receivedAt < restoredAt + REDELIVERED_FOR_MS;
}
