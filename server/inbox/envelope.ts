import { z } from 'zod';
import type { NewEvent } from '../store/schema.ts';
import { isKnownEventType } from '../zendesk/events.ts';

/** Ids become columns, and those hold neither NUL nor half a surrogate pair. */
const id = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => !value.includes('\u0000') && value.isWellFormed());

const Event = z.looseObject({
  id,
  type: id,
  payload: z.looseObject({ conversation: z.looseObject({ id }).optional() }).nullish(),
});

/** One delivery (OpenAPI EventWebhooks): `{ app, webhook, events }`; only the events matter to us. */
export const Envelope = z.looseObject({ events: z.array(Event).max(1_000) });

/** One row per event. Types we do not know are kept as ignored, so that new ones harm nothing. */
export function toRows(installationId: string, { events }: z.infer<typeof Envelope>): NewEvent[] {
  return events.map((event) => {
    const known = isKnownEventType(event.type);
    return {
      installation_id: installationId,
      event_id: event.id,
      type: event.type,
      conversation_key: `${installationId}/${event.payload?.conversation?.id ?? event.id}`,
      payload: JSON.stringify(event),
      state: known ? 'waiting' : 'ignored',
      note: known ? null : 'Not an event type this app handles.',
    };
  });
}
