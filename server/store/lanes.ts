import type { StoredEvent } from './schema.ts';

/**
 * Events of one lane (`events.conversation_key`) are handled one after the other. The character behind the
 * installation's id tells the kinds of lanes apart, so that no id from outside leads into another kind.
 */
export const conversationLane = (installationId: string, conversationId: string): string =>
  `${installationId}/${conversationId}`;

/** Of an event that belongs to no conversation, and so waits for nobody. */
export const eventLane = (installationId: string, eventId: string): string =>
  `${installationId}!${eventId}`;

export const jobLane = (installationId: string, job: string): string => `${installationId}#${job}`;

/** How every lane of an installation begins. */
export const laneStarts = (installationId: string): string[] =>
  ['/', '!', '#'].map((kind) => `${installationId}${kind}`);

/** Undefined for what belongs to no conversation. */
export function conversationIdOf({
  installation_id: installationId,
  conversation_key: lane,
}: Pick<StoredEvent, 'installation_id' | 'conversation_key'>): string | undefined {
  const start = conversationLane(installationId, '');
  return lane.startsWith(start) ? lane.slice(start.length) : undefined;
}

/** With it begin the ids and types of jobs of our own, which wait in the inbox beside Zendesk's events. */
const OURS = 'shopkeeper:';
const THEIRS = 'zendesk:';

/** The id under which an event from outside is stored: its own, unless it could be one of a job's. */
export const storedEventId = (id: string): string =>
  id.startsWith(OURS) || id.startsWith(THEIRS) ? `${THEIRS}${id}` : id;

export const isJob = ({ event_id: id }: Pick<StoredEvent, 'event_id'>): boolean =>
  id.startsWith(OURS);
