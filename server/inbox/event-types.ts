import type { Core } from '../core.ts';
import type { Installation, StoredEvent } from '../store/schema.ts';
import type { Answer } from '../runtime/visit.ts';
import { isTrigger, TRIGGERS } from '../zendesk/events.ts';
import { isJob, isOurs } from './lanes.ts';
import type { Settlement } from './settle.ts';

/**
 * What becomes of events of a type that the core's conversations know nothing of: a job that is run, or
 * something that happened in a conversation. An event that a feature puts into one itself waits its turn there;
 * it is shaped like Zendesk's, so that it goes with its customer.
 */
export type EventType = { title: string } & (Job | { answer: Answer });

/**
 * By the type of the event. Those of our own begin with `shopkeeper:`, and so does the id of one, which is the
 * key under which it happens once; the others are Zendesk's.
 */
export type EventTypes = Readonly<Record<string, EventType>>;

export interface Job {
  /** Whatever the status of the installation. Decides itself when it is over. */
  run: (core: Core, installation: Installation, event: StoredEvent) => Promise<Settlement>;
  /** Of Zendesk's types: what is kept of a payload; undefined when it has not the documented shape. */
  keep?: (payload: unknown) => object | undefined;
}

/** Of all features together. */
export function collectEventTypes(features: readonly { eventTypes?: EventTypes }[]): EventTypes {
  return Object.fromEntries(features.flatMap(({ eventTypes = {} }) => Object.entries(eventTypes)));
}

/** Whether it is one of the core's, or of these. */
export const knowsType = (types: EventTypes, type: string): boolean =>
  isTrigger(type) || Object.hasOwn(types, type);

/** What the webhook subscribes to. */
export function listTriggers(types: EventTypes): string[] {
  return [...TRIGGERS, ...Object.keys(types).filter((type) => !isOurs(type))];
}

/** Undefined for the core's own types, and for those of a feature that was deleted. */
export function findEventType(
  types: EventTypes,
  event: Pick<StoredEvent, 'type' | 'event_id'>,
): EventType | undefined {
  const { type } = event;
  return Object.hasOwn(types, type) && isOurs(type) === isJob(event) ? types[type] : undefined;
}
