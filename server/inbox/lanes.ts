import type { StoredEvent } from '../store/schema.ts';

/**
 * Events of one lane (`events.conversation_key`) are handled one after the other. An event that belongs to
 * no conversation has a lane of its own, under its id.
 */
export const conversationLane = (installationId: string, conversationId: string): string =>
  `${installationId}/${conversationId}`;

/** With it begin the ids and types of jobs of our own, which wait in the inbox beside Zendesk's events. */
const OURS = 'shopkeeper:';
const THEIRS = 'zendesk:';

/** The id under which an event from outside is stored: its own, unless it could be one of a job's. */
export const storedEventId = (id: string): string =>
  id.startsWith(OURS) || id.startsWith(THEIRS) ? `${THEIRS}${id}` : id;

export const isOurs = (idOrType: string): boolean => idOrType.startsWith(OURS);

export const isJob = ({ event_id: id }: Pick<StoredEvent, 'event_id'>): boolean => isOurs(id);

/** The conversation that an event belongs to; that of Zendesk's may have been moved to another one since. */
export function conversationOf(event: Pick<StoredEvent, 'installation_id' | 'conversation_key'>) {
  return event.conversation_key.slice(event.installation_id.length + 1);
}
