import { findSubjects } from './drop-removed.ts';
import type { Stores } from '../store/create-stores.ts';
import { RECENT_REMOVAL_MS, type Removed } from '../store/tables/removals.ts';
import type { Installation } from '../store/schema.ts';

const PAGE = 200;

/**
 * Deletes once more what came while a removal was under way, in another instance for one: whatever is stored
 * of customers and conversations that were removed within a day.
 */
export async function removeAgain(stores: Stores, now: () => number): Promise<void> {
  for (const installation of await stores.installations.list()) {
    const { last_removal_at: last } = installation;
    if (last !== null && last >= now() - RECENT_REMOVAL_MS) await removeFrom(stores, installation);
  }
}

/**
 * After a restore: deletes what was removed since the backup was made, as far as removals are known.
 * Returns how many installations, and how many customers or conversations of others.
 */
export async function removeAfterRestore(
  stores: Stores,
): Promise<{ installations: number; others: number }> {
  const done = { installations: 0, others: 0 };
  for (const installation of await stores.installations.list()) {
    const { id, display_name: name } = installation;
    const isRemoved = await stores.removals.findRemoved(id, [{ kind: 'installation', id }]);
    if (isRemoved.length > 0) {
      const text = `${name} was removed after the backup that was put back, so it was removed again.`;
      await stores.installations.remove(id, { kind: 'removed', text });
      done.installations += 1;
    } else {
      done.others += await removeFrom(stores, installation);
    }
  }
  return done;
}

async function removeFrom(
  { conversations, customers, removals }: Stores,
  { id }: Pick<Installation, 'id'>,
): Promise<number> {
  const found = new Map<string, Removed>();
  async function look(candidates: readonly Removed[]): Promise<void> {
    for (const removed of await removals.findRemoved(id, candidates))
      found.set(`${removed.kind} ${removed.id}`, removed);
  }

  let after = '';
  for (;;) {
    const page = await conversations.listAfter(id, after, PAGE);
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
  for await (const payloads of customers.listUnhandledPayloads(id))
    await look(payloads.flatMap((payload) => findSubjects(JSON.parse(payload))));
  for (const { kind, id: removedId } of found.values()) {
    if (kind === 'user') await customers.removeUser(id, removedId);
    else await customers.removeConversation(id, removedId);
  }
  return found.size;
}
