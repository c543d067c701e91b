import type { RequestHandler } from 'express';
import { notFound } from '../../errors.ts';
import { PAYLOAD_KEPT_MS } from '../../inbox/drop-old-payloads.ts';
import type { FindOwned } from '../../installations/find-owned.ts';
import type { EventLog } from '../../inbox/event-log.ts';
import { isJob } from '../../inbox/lanes.ts';
import type { StoredEvent } from '../../store/schema.ts';
import { isUpkeepType } from '../../zendesk/events.ts';
import { paths } from './paths.ts';
import { presentEvent } from './present-event.ts';
import { redactPayload } from '../../secrets.ts';

/** One event: what became of it, and what Zendesk sent. */
export function createShowEvent(options: {
  findOwned: FindOwned;
  eventLog: EventLog;
}): RequestHandler {
  return async (request, response) => {
    const { id, display_name: name, status } = await options.findOwned(request);
    const event = await options.eventLog.find(id, String(request.params['eventId']));
    if (event === undefined) throw notFound();
    const conversationId = event.conversation_key.slice(id.length + 1);
    response.render('events/event', {
      title: 'Event',
      installation: { id, name, status },
      listHref: paths.list(id),
      event: {
        ...presentEvent(id, event),
        /** An event that belongs to none stands for itself. */
        conversationId: conversationId === event.event_id ? null : conversationId,
        attemptsAllowed: event.attempts_allowed,
        lease:
          event.state === 'working' ? { owner: event.lease_owner, until: event.lease_until } : null,
      },
      payload: event.payload === null ? null : redactPayload(event.payload, 2),
      dropped: explainMissingPayload(event),
    });
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
