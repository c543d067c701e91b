import { PAYLOAD_KEPT_MS } from '../../inbox/customers/retention.ts';
import { isJob } from '../../inbox/lanes.ts';
import type { ListedEvent } from './list-events.ts';
import { CHECK_TOKEN } from '../../installations/uninstall/check.ts';
import { redactPayload } from '../../secrets.ts';
import type { StoredEvent } from '../../store/schema.ts';
import { isUpkeepType, TRIGGERS } from '../../zendesk/events.ts';

/** Jobs of this app wait in the inbox beside Zendesk's events. */
const JOBS: Readonly<Record<string, string>> = {
  [CHECK_TOKEN]: 'Check whether the bot was removed',
};

export const EVENT_TYPES: readonly string[] = [...TRIGGERS, ...Object.keys(JOBS)];

/** The addresses of this feature, and where it is reached from. */
export const paths = {
  status: (installationId: string) => `/installations/${installationId}`,
  list: (installationId: string) => `/installations/${installationId}/events`,
  one: (installationId: string, eventId: string) =>
    `/installations/${installationId}/events/${encodeURIComponent(eventId)}`,
};

/** Zendesk's types speak for themselves. */
export function nameEventType(type: string): string {
  return Object.hasOwn(JOBS, type) ? (JOBS[type] ?? type) : type;
}

/** An event as a list shows it. */
export function presentEvent(installationId: string, event: ListedEvent) {
  const isRetry = event.state === 'waiting' && event.attempts > 0;
  return {
    href: paths.one(installationId, event.event_id),
    id: event.event_id,
    name: nameEventType(event.type),
    isJob: isJob(event),
    state: event.state,
    attempts: event.attempts,
    note: event.note,
    receivedAt: event.received_at,
    settledAt: event.settled_at,
    /** When it is tried again. */
    retryAt: isRetry ? event.run_at : null,
  };
}

/** All of an event, as its own page shows it. */
export function presentWholeEvent(installationId: string, event: StoredEvent) {
  const conversationId = event.conversation_key.slice(installationId.length + 1);
  return {
    event: {
      ...presentEvent(installationId, event),
      /** An event that belongs to none stands for itself. */
      conversationId: conversationId === event.event_id ? null : conversationId,
      attemptsAllowed: event.attempts_allowed,
      lease:
        event.state === 'working' ? { owner: event.lease_owner, until: event.lease_until } : null,
    },
    payload: event.payload === null ? null : redactPayload(event.payload, 2),
    dropped: explainMissingPayload(event),
  };
}

/** Why there is no payload, and since when. */
function explainMissingPayload(event: StoredEvent) {
  const { type, payload, state, settled_at: settledAt } = event;
  if (payload !== null) return null;
  if (isJob(event)) return { reason: 'job', at: null };
  if (isUpkeepType(type)) return { reason: 'upkeep', at: settledAt };
  if (state === 'ignored') return { reason: 'left-alone', at: null };
  if (state === 'failed') return { reason: 'failed', at: null };
  return { reason: 'age', at: settledAt === null ? null : settledAt + PAYLOAD_KEPT_MS };
}
