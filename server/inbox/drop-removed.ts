import { z } from 'zod';
import { RECENT_REMOVAL_MS, type Removed, type RemovalStore } from '../store/tables/removals.ts';

const Id = z.string().optional().catch(undefined);
const WithId = z.object({ id: Id }).optional().catch(undefined);
const Author = z.object({ userId: Id, user: WithId }).optional().catch(undefined);

/** Where events name whom they are about; what has another shape names nobody. */
const About = z
  .object({
    payload: z.object({
      conversation: WithId,
      user: WithId,
      message: z.object({ author: Author }).optional().catch(undefined),
    }),
  })
  .optional()
  .catch(undefined);

/** Whether an event came late: its customer or conversation was deleted in the meantime. */
export type IsRemoved = (
  installation: { id: string; last_removal_at: number | null },
  event: unknown,
) => Promise<boolean>;

/** Asks the database only of installations that somebody was deleted from within a day. */
export function createIsRemoved(options: { removals: RemovalStore; now: () => number }): IsRemoved {
  const { removals, now } = options;
  return async ({ id, last_removal_at: last }, event) => {
    if (last === null || last < now() - RECENT_REMOVAL_MS) return false;
    const subjects = findSubjects(event);
    return subjects.length > 0 && (await removals.findRemoved(id, subjects)).length > 0;
  };
}

/** The customers and the conversation that an event is about. */
export function findSubjects(event: unknown): Removed[] {
  const about = About.parse(event)?.payload;
  const author = about?.message?.author;
  const users = new Set([about?.user?.id, author?.userId, author?.user?.id]);
  const conversationId = about?.conversation?.id;
  return [
    ...[...users].flatMap((id): Removed[] => (id === undefined ? [] : [{ kind: 'user', id }])),
    ...(conversationId === undefined
      ? []
      : [{ kind: 'conversation', id: conversationId } satisfies Removed]),
  ];
}
