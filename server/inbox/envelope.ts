import { z } from 'zod';
import { columnText } from '../store/column-text.ts';
import type { NewEvent } from '../store/schema.ts';
import { isHandledEventType, isSubscribedEventType, readUpkeep } from '../zendesk/events.ts';

const id = columnText.min(1).max(200);

const Event = z.looseObject({
  id,
  type: id,
  payload: z
    .looseObject({
      conversation: z.looseObject({ id }).optional(),
      message: z
        .looseObject({ author: z.looseObject({ type: z.unknown() }).optional() })
        .optional(),
    })
    .nullish(),
});

/** One delivery (OpenAPI EventWebhooks): `{ app, webhook, events }`; only the events matter to us. */
export const Envelope = z.looseObject({ events: z.array(Event) });

export type DeliveredEvent = z.infer<typeof Event>;

/** JSON.parse follows any depth, JSON.stringify some thousand levels. */
export class NestedTooDeeplyError extends Error {}

/**
 * One row per event. What nobody has to work on is kept as ignored at once, and, but for `keepIgnored`,
 * without what it says; of an event about a customer's data the ids are kept.
 * @throws NestedTooDeeplyError
 */
export function toRows(
  installationId: string,
  events: readonly DeliveredEvent[],
  { keepIgnored }: { keepIgnored: boolean },
): NewEvent[] {
  return events.map((event) => {
    const note = findReasonToIgnore(event);
    const upkeep = readUpkeep(event);
    // It must not wait for what is under way in the conversation that it deletes.
    const conversationId = upkeep === undefined ? event.payload?.conversation?.id : undefined;
    return {
      installation_id: installationId,
      event_id: event.id,
      type: event.type,
      conversation_key: `${installationId}/${conversationId ?? event.id}`,
      payload:
        note === null || keepIgnored
          ? stringify(upkeep === undefined ? event : { id: event.id, ...upkeep })
          : null,
      state: note === null ? 'waiting' : 'ignored',
      note,
    };
  });
}

function stringify(event: object): string {
  try {
    return JSON.stringify(event);
  } catch (error) {
    throw new NestedTooDeeplyError('An event cannot be written down.', { cause: error });
  }
}

function findReasonToIgnore({ type, payload }: z.infer<typeof Event>): string | null {
  if (!isSubscribedEventType(type)) return 'Not an event type this app handles.';
  if (!isHandledEventType(type)) return 'Nothing is done about events of this type yet.';
  // Half of all events are our own messages coming back.
  if (type === 'conversation:message' && payload?.message?.author?.type === 'business') {
    return 'Written by the business side.';
  }
  return null;
}
