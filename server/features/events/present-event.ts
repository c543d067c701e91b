import { isJob } from '../../inbox/lanes.ts';
import type { ListedEvent } from '../../inbox/list-events.ts';
import { nameEventType } from './event-types.ts';
import { paths } from './paths.ts';

/** What pages show of an event beside its payload. */
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
