import { findEventType, type EventTypes } from '../../inbox/event-types.ts';
import { isJob, isOurs } from '../../inbox/lanes.ts';
import { PAYLOAD_KEPT_MS } from '../shared/account-events.ts';
import type { ListedEvent } from './list-events.ts';
import { titleEvent } from '../shared/title-event.ts';
import { redactPayload } from '../shared/secret-names.ts';
import type { StoredEvent } from '../../store/schema.ts';

/** The addresses of this feature, and where it is reached from. */
export const paths = {
  status: (installationId: string) => `/installations/${installationId}`,
  list: (installationId: string) => `/installations/${installationId}/events`,
  one: (installationId: string, eventId: string) =>
    `/installations/${installationId}/events/${encodeURIComponent(eventId)}`,
};

/** Zendesk's types speak for themselves. */
export function nameEventType(eventTypes: EventTypes, type: string): string {
  return isOurs(type) && Object.hasOwn(eventTypes, type) ? (eventTypes[type]?.title ?? type) : type;
}

const STATES = {
  waiting: 'Waiting',
  working: 'Working',
  done: 'Done',
  ignored: 'Ignored',
  failed: 'Failed',
} as const;

/** An event as a list shows it. */
export function presentEvent(eventTypes: EventTypes, installationId: string, event: ListedEvent) {
  const isRetry = event.state === 'waiting' && event.attempts > 0;
  return {
    href: paths.one(installationId, event.event_id),
    id: event.event_id,
    name: nameEventType(eventTypes, event.type),
    /** In the customer's words, while they are kept. */
    title: isJob(event) ? nameEventType(eventTypes, event.type) : titleEvent(event, eventTypes),
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
export function presentWholeEvent(
  eventTypes: EventTypes,
  installationId: string,
  event: StoredEvent,
  now: number,
) {
  return {
    event: {
      ...presentEvent(eventTypes, installationId, event),
      attemptsAllowed: event.attempts_allowed,
      lease:
        event.state === 'working' ? { owner: event.lease_owner, until: event.lease_until } : null,
    },
    payload: event.payload === null ? null : redactPayload(event.payload, 2),
    dropped: explainMissingPayload(eventTypes, event, now),
  };
}

/** Why there is no payload, and since when. */
function explainMissingPayload(eventTypes: EventTypes, event: StoredEvent, now: number) {
  const { payload, state, settled_at: settledAt } = event;
  if (payload !== null) return null;
  const own = findEventType(eventTypes, event);
  // What the bot is to say by itself said something, as a customer's message does.
  if (isJob(event) && !(own && 'answer' in own)) return { reason: 'job', at: null };
  if (own && 'run' in own) return { reason: 'upkeep', at: settledAt };
  if (state === 'ignored') return { reason: 'left-alone', at: null };
  if (state === 'failed') return { reason: 'failed', at: null };
  const at = settledAt === null ? null : settledAt + PAYLOAD_KEPT_MS;
  return at !== null && at > now ? { reason: 'no-access', at: null } : { reason: 'age', at };
}
