import { z } from 'zod';
import type { Core } from '../core.ts';
import type { Installation, StoredEvent } from '../store/schema.ts';
import type { Bot, Tools } from '../runtime/types.ts';
import { TRIGGERS } from '../zendesk/events.ts';
import { isJob, isOurs } from './lanes.ts';
import type { Settlement } from './settle.ts';

/**
 * What becomes of events of a type that the core's conversations know nothing of: a job that is run, or
 * something that the bot answers in its conversation.
 */
export type EventType = { title: string } & (Job | { answer: OwnHandler });

/** By the type of the event. Those of our own begin with `shopkeeper:`, the others are Zendesk's. */
export type EventTypes = Readonly<Record<string, EventType>>;

/**
 * An event that a feature puts into a conversation, behind what waits there: shaped like Zendesk's, so that
 * it goes with its customer. Its type begins with `shopkeeper:`, and so does its id, which is the key under
 * which it happens once.
 */
export const OwnEvent = z.object({
  payload: z.object({
    conversation: z.object({ id: z.string() }),
    user: z.object({ id: z.string(), externalId: z.string().nullish() }),
    data: z.unknown(),
  }),
});
export type OwnEvent = z.infer<typeof OwnEvent>;

/** Answers one in its conversation, while the bot is in control. Returns what was done, for a sentence. */
export type OwnHandler = (bot: Bot, tools: Tools, data: unknown) => Promise<string>;

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
