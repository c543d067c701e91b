import { z } from 'zod';
import { isNestedTooDeeply, parseJson } from '../../parse-json.ts';
import { columnText } from '../../text.ts';
import type { NewEvent } from '../../store/schema.ts';
import { endsConversation, isTrigger } from '../../zendesk/events.ts';
import { findEventType, type EventTypes } from '../event-types.ts';
import { conversationLane, storedEventId } from '../lanes.ts';

/** Zendesk names no limit and sends one event a delivery; a hundred are one page of its API. */
export const MAX_EVENTS = 100;

const id = columnText.min(1).max(200);

const Event = z.looseObject({
  id,
  type: id,
  payload: z
    .looseObject({
      conversation: z.looseObject({ id }).optional(),
      message: z
        .looseObject({ author: z.looseObject({ type: z.unknown().optional() }).optional() })
        .optional(),
    })
    .nullish(),
});

export type DeliveredEvent = z.infer<typeof Event>;

/** One delivery (OpenAPI EventWebhooks): `{ app, webhook, events }`; only the events matter to us. */
const Envelope = z.looseObject({ events: z.custom<unknown[]>(Array.isArray) });

/** A delivery that no attempt will make better. */
export class RefusedDeliveryError extends Error {
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads the events of a delivery, which its sender may have made to keep us busy: what is cheap to see is
 * looked at first, and the first event that is none ends it. Too many are answered 413, which Zendesk
 * repeats for 15 minutes: should it ever send that many, the limit can be raised before they are lost.
 * @throws RefusedDeliveryError
 */
export function readEvents(body: string): DeliveredEvent[] {
  const events = Envelope.safeParse(parseJson(body)).data?.events;
  if (events === undefined && isNestedTooDeeply(body))
    throw new RefusedDeliveryError(400, 'The delivery is nested too deeply.');
  if (events === undefined)
    throw new RefusedDeliveryError(400, 'Expected JSON with a list of events.');
  if (events.length > MAX_EVENTS)
    throw new RefusedDeliveryError(413, `At most ${MAX_EVENTS} events per delivery.`);
  return events.map((given, index) => {
    const event = Event.safeParse(given);
    if (event.success) return event.data;
    const problem = event.error.issues[0]?.path.join('.') || 'no object';
    throw new RefusedDeliveryError(400, `Event ${index} cannot be read: ${problem}.`);
  });
}

/**
 * One row per event. What nobody has to work on is kept as ignored at once, and, but for `keepIgnored`,
 * without what it says; of a job that Zendesk gives, what its feature reads.
 */
export function toRows(
  installationId: string,
  events: readonly DeliveredEvent[],
  { keepIgnored, eventTypes }: { keepIgnored: boolean; eventTypes: EventTypes },
): NewEvent[] {
  return events.map((event) => {
    const eventId = storedEventId(event.id);
    const own = findEventType(eventTypes, { type: event.type, event_id: eventId });
    const job = own && 'keep' in own ? own.keep?.(event.payload) : undefined;
    const kept = job === undefined ? event : { id: event.id, type: event.type, payload: job };
    const note = own === undefined ? findReasonToIgnore(event) : null;
    const isKept = note === null || keepIgnored;
    // Nothing leads from what is not kept to a conversation, and what deletes one must not wait in it.
    const conversationId =
      isKept && job === undefined ? event.payload?.conversation?.id : undefined;
    return {
      installation_id: installationId,
      event_id: eventId,
      type: event.type,
      conversation_key: conversationLane(installationId, conversationId ?? eventId),
      payload: isKept ? JSON.stringify(kept) : null,
      state: note === null ? 'waiting' : 'ignored',
      note,
    };
  });
}

function findReasonToIgnore({ type, payload }: DeliveredEvent): string | null {
  if (!isTrigger(type)) return 'Not an event type this app handles.';
  // Half of all events are our own messages coming back.
  const { message } = payload ?? {};
  if (type !== 'conversation:message' || message?.author?.type !== 'business') return null;
  return endsConversation(message) ? null : 'Written by the business side.';
}
