import { z } from 'zod';
import type { Core } from '../core.ts';
import type { Bot, Tools } from '../runtime/types.ts';
import type { NewEvent } from '../store/schema.ts';
import { conversationLane } from './lanes.ts';

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

/** The row to insert. `data` has to survive JSON. */
export function ownEvent(
  installationId: string,
  event: { id: string; type: string } & OwnEvent['payload'],
): NewEvent {
  const { id, type, ...payload } = event;
  return {
    installation_id: installationId,
    event_id: id,
    type,
    conversation_key: conversationLane(installationId, payload.conversation.id),
    payload: JSON.stringify({ type, payload }),
    state: 'waiting',
    note: null,
  };
}

/** What answers it; undefined once its feature was deleted. */
export function findOwnHandler(parts: Core['parts'], type: string): OwnHandler | undefined {
  for (const { handlers } of parts)
    if (handlers && Object.hasOwn(handlers, type)) return handlers[type];
  return undefined;
}
