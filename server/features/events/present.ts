import { PAYLOAD_KEPT_MS } from '../../inbox/customers/retention.ts';
import { isJob } from '../../inbox/lanes.ts';
import type { ListedEvent } from './list-events.ts';
import { CHECK_TOKEN } from '../../installations/uninstall/check.ts';
import { titleEvent } from '../title-event.ts';
import { redactPayload } from '../secret-names.ts';
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

const STATES = {
  waiting: 'Waiting',
  working: 'Working',
  done: 'Done',
  ignored: 'Ignored',
  failed: 'Failed',
} as const;

/** An event as a list shows it. */
export function presentEvent(installationId: string, event: ListedEvent) {
  const isRetry = event.state === 'waiting' && event.attempts > 0;
  return {
    href: paths.one(installationId, event.event_id),
    id: event.event_id,
    name: nameEventType(event.type),
    /** In the customer's words, while they are kept. */
    title: isJob(event) ? nameEventType(event.type) : titleEvent(event),
    conversationId: conversationOf(installationId, event),
    isJob: isJob(event),
    state: event.state,
    stateName: STATES[event.state],
    /** How long it took, attempts and pauses among it. */
    ms: event.settled_at === null ? null : Math.max(0, event.settled_at - event.received_at),
    attempts: event.attempts,
    note: event.note,
    receivedAt: event.received_at,
    settledAt: event.settled_at,
    /** When it is tried again. */
    retryAt: isRetry ? event.run_at : null,
  };
}

/** An event that belongs to none stands for itself. */
function conversationOf(
  installationId: string,
  { conversation_key: lane, event_id: eventId }: ListedEvent,
): string | null {
  const conversationId = lane.slice(installationId.length + 1);
  return conversationId === eventId ? null : conversationId;
}

/** All of an event, as its own page shows it. */
export function presentWholeEvent(installationId: string, event: StoredEvent) {
  return {
    event: {
      ...presentEvent(installationId, event),
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
