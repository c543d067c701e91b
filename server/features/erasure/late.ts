import type { Kysely } from 'kysely';
import { z } from 'zod';
import { conversationLane, conversationOf } from '../../inbox/lanes.ts';
import type { Settlement } from '../../inbox/settle.ts';
import type { Installation, Schema, StoredEvent } from '../../store/schema.ts';
import { removeConversation, type CustomerDeps } from './customers.ts';
import { findRemoved, hadRemoval, type Removed } from './removals.ts';
import { moveEvents } from './stored-events.ts';

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

/** The customers and the conversation that an event is about. */
export function findSubjects(event: unknown): Removed[] {
  const about = About.parse(event)?.payload;
  const author = about?.message?.author;
  const users = new Set([about?.user?.id, author?.userId, author?.user?.id]);
  const named = [...users].map((id) => ({ kind: 'user' as const, id }));
  return [...named, { kind: 'conversation' as const, id: about?.conversation?.id }].flatMap(
    ({ kind, id }): Removed[] => (id === undefined ? [] : [{ kind, id }]),
  );
}

/**
 * Whether an event came late: its customer or conversation was deleted in the meantime. Asks the database
 * only of installations that somebody was deleted from within a day. What was stored while the removal was
 * under way is removed as well.
 */
export async function refuseLate(
  deps: CustomerDeps,
  installation: Installation,
  event: object,
  stored?: StoredEvent,
): Promise<string | undefined> {
  if (!hadRemoval(deps, installation)) return undefined;
  const subjects = findSubjects(event);
  if (subjects.length === 0) return undefined;
  if ((await findRemoved(deps, installation.id, subjects)).length === 0) return undefined;
  // This settles the event as well.
  if (stored) await removeConversation(deps, installation.id, conversationOf(stored));
  return 'Its customer was deleted.';
}

/**
 * In the transaction that settles attempts: what will be tried again in a conversation that was merged into
 * another one meanwhile, or that came late of it, goes there.
 */
export async function followMerges(
  transaction: Kysely<Schema>,
  settlements: readonly Settlement[],
): Promise<void> {
  const retried = settlements.filter(({ state }) => state === 'waiting' || state === 'failed');
  if (retried.length === 0) return;
  const merges = await transaction
    .selectFrom('merges')
    .select(['installation_id as id', 'discarded_id', 'surviving_id'])
    .where('kind', '=', 'conversation')
    .where('installation_id', 'in', [...new Set(retried.map(({ event }) => event.installation_id))])
    .where('discarded_id', 'in', [...new Set(retried.map(({ event }) => conversationOf(event)))])
    .execute();
  for (const { id, discarded_id: discarded, surviving_id: surviving } of merges)
    await moveEvents(transaction, conversationLane(id, discarded), conversationLane(id, surviving));
}
