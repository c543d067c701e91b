import { z } from 'zod';
import type { Core } from '../../core.ts';
import type { Installation, StoredEvent } from '../../store/schema.ts';
import { RECENT_REMOVAL_MS, type Removed } from '../../store/tables/removals.ts';
import type { UpkeepEvent } from '../../zendesk/events.ts';
import { merge, removeConversation, removeUser, type CustomerDeps } from './customers.ts';
import { listUnhandledPayloads } from './events-of-customers.ts';
import type { Settlement } from '../settle.ts';

const PAGE = 200;

/**
 * What Zendesk deleted or unified is deleted or unified here. The event itself names the customer, so
 * nothing of it stays but that it was there.
 */
export async function handleUpkeep(
  deps: CustomerDeps,
  event: StoredEvent,
  upkeep: UpkeepEvent,
): Promise<Settlement> {
  const { installation_id: installationId } = event;
  const done = (note: string): Settlement => ({ event, state: 'done', note, dropPayload: true });
  switch (upkeep.type) {
    case 'user:remove': {
      const removed = await removeUser(deps, installationId, upkeep.payload.user.id);
      const note = `A customer was deleted in Zendesk: ${removed.length} conversation(s) deleted here.`;
      return { ...done(note), activity: { kind: 'privacy', text: note } };
    }
    case 'conversation:remove': {
      await removeConversation(deps, installationId, upkeep.payload.conversation.id);
      const note = 'A conversation was deleted in Zendesk, and here.';
      return { ...done(note), activity: { kind: 'privacy', text: note } };
    }
    case 'user:merge': {
      const { mergedUsers, mergedConversations } = upkeep.payload;
      const mergeAll = (
        kind: 'user' | 'conversation',
        { surviving, discarded }: typeof mergedUsers,
      ) =>
        merge(deps, installationId, {
          kind,
          discardedId: discarded.id,
          survivingId: surviving.id,
        });
      if (mergedConversations) await mergeAll('conversation', mergedConversations);
      await mergeAll('user', mergedUsers);
      return done('Two customers were merged in Zendesk, and here.');
    }
  }
}

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

/**
 * Whether an event came late: its customer or conversation was deleted in the meantime. Asks the database
 * only of installations that somebody was deleted from within a day.
 */
export async function isRemoved(
  { removals, now }: Pick<Core, 'removals' | 'now'>,
  { id, last_removal_at: last }: Pick<Installation, 'id' | 'last_removal_at'>,
  event: unknown,
): Promise<boolean> {
  if (last === null || last < now() - RECENT_REMOVAL_MS) return false;
  const subjects = findSubjects(event);
  return subjects.length > 0 && (await removals.findRemoved(id, subjects)).length > 0;
}

/** The customers and the conversation that an event is about. */
function findSubjects(event: unknown): Removed[] {
  const about = About.parse(event)?.payload;
  const author = about?.message?.author;
  const users = new Set([about?.user?.id, author?.userId, author?.user?.id]);
  const named = [...users].map((id) => ({ kind: 'user' as const, id }));
  return [...named, { kind: 'conversation' as const, id: about?.conversation?.id }].flatMap(
    ({ kind, id }): Removed[] => (id === undefined ? [] : [{ kind, id }]),
  );
}

type RemovalDeps = CustomerDeps & Pick<Core, 'installations' | 'conversations'>;

/**
 * Deletes once more what came while a removal was under way, in another instance for one: whatever is stored
 * of customers and conversations that were removed within a day.
 */
export async function removeAgain(deps: RemovalDeps): Promise<void> {
  for (const { id, last_removal_at: last } of await deps.installations.list())
    if (last !== null && last >= deps.now() - RECENT_REMOVAL_MS) await removeFrom(deps, id);
}

/**
 * After a restore: deletes what was removed since the backup was made, as far as removals are known.
 * Returns how many installations, and how many customers or conversations of others.
 */
export async function removeAfterRestore(
  deps: RemovalDeps,
): Promise<{ installations: number; others: number }> {
  const done = { installations: 0, others: 0 };
  for (const { id, display_name: name } of await deps.installations.list()) {
    if ((await deps.removals.findRemoved(id, [{ kind: 'installation', id }])).length > 0) {
      const text = `${name} was removed after the backup that was put back, so it was removed again.`;
      await deps.installations.remove(id, { kind: 'removed', text });
      done.installations += 1;
    } else {
      done.others += await removeFrom(deps, id);
    }
  }
  return done;
}

async function removeFrom(deps: RemovalDeps, installationId: string): Promise<number> {
  const { conversations, database, removals } = deps;
  const found = new Map<string, Removed>();
  async function look(candidates: readonly Removed[]): Promise<void> {
    for (const removed of await removals.findRemoved(installationId, candidates))
      found.set(`${removed.kind} ${removed.id}`, removed);
  }

  let after = '';
  for (;;) {
    const page = await conversations.listAfter(installationId, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) break;
    await look(
      page.flatMap(({ conversation_id: conversationId, user_id: userId }): Removed[] => [
        { kind: 'conversation', id: conversationId },
        ...(userId === null ? [] : [{ kind: 'user', id: userId } satisfies Removed]),
      ]),
    );
    after = last.conversation_id;
  }
  for await (const payloads of listUnhandledPayloads(database.kysely, installationId))
    await look(payloads.flatMap((payload) => findSubjects(JSON.parse(payload))));
  for (const { kind, id } of found.values()) {
    if (kind === 'user') await removeUser(deps, installationId, id);
    else await removeConversation(deps, installationId, id);
  }
  return found.size;
}
