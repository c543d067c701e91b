import type { Core } from '../../core.ts';
import type { Gone } from '../gone.ts';
import { pageConversationsOf } from '../shared/page-conversations.ts';
import { removeConversation, removeUser, type CustomerDeps } from './customers.ts';
import { findSubjects } from './late.ts';
import { findRemoved, hadRemoval, noteRemoval, type Removed } from './removals.ts';
import { listUnhandledPayloads } from './stored-events.ts';

const PAGE = 200;
/** The `restored_at` after which what was removed since the backup was removed again. */
const REMOVED_AGAIN_AT = 'erasure:removed_again_at';

type SweepDeps = CustomerDeps & Pick<Core, 'installations'>;

/**
 * Deletes once more what came while a removal was under way, in another instance for one: whatever is stored
 * of customers and conversations that were removed within a day.
 */
export async function removeAgain(deps: SweepDeps): Promise<void> {
  for (const installation of await deps.installations.list())
    if (hadRemoval(deps, installation)) await removeFrom(deps, installation.id);
}

/** After a restore, before anything is handled: once, whatever is interrupted. */
export async function removeOnceAfterRestore(
  core: SweepDeps & Pick<Core, 'appState'>,
): Promise<void> {
  const restoredAt = await core.appState.read('restored_at');
  if (restoredAt === undefined || restoredAt === (await core.appState.read(REMOVED_AGAIN_AT)))
    return;
  const removed = await removeAfterRestore(core);
  core.log.info(removed, 'What was deleted after the backup that was put back is deleted again.');
  await core.appState.write(REMOVED_AGAIN_AT, restoredAt);
}

/**
 * After a restore: deletes what was removed since the backup was made, as far as removals are known.
 * Returns how many installations, and how many customers or conversations of others.
 */
export async function removeAfterRestore(
  deps: SweepDeps,
): Promise<{ installations: number; others: number }> {
  const done = { installations: 0, others: 0 };
  // Of all of them: what comes late for who was removed is dropped.
  await noteRemoval(deps.database.kysely, deps.now());
  for (const { id, display_name: name } of await deps.installations.list()) {
    if ((await findRemoved(deps, id, [{ kind: 'installation', id }])).length > 0) {
      const text = `${name} was removed after the backup that was put back, so it was removed again.`;
      await deps.installations.remove(id, { kind: 'removed', text });
      done.installations += 1;
    } else {
      done.others += await removeFrom(deps, id);
    }
  }
  return done;
}

async function removeFrom(deps: SweepDeps, installationId: string): Promise<number> {
  const found = new Map<string, Removed>();
  let candidates: Removed[] = [];
  async function look(): Promise<void> {
    for (const removed of await findRemoved(deps, installationId, candidates))
      found.set(`${removed.kind} ${removed.id}`, removed);
    candidates = [];
  }

  for await (const some of listStored(deps, installationId)) {
    candidates.push(...some);
    if (candidates.length >= PAGE) await look();
  }
  await look();
  for (const { kind, id } of found.values()) {
    if (kind === 'user') await removeUser(deps, installationId, id);
    else await removeConversation(deps, installationId, id);
  }
  return found.size;
}

/** Of whom something is stored: in conversations, in events that wait or failed, and by features. */
async function* listStored(
  { database, parts }: SweepDeps,
  installationId: string,
): AsyncGenerator<Removed[]> {
  for await (const page of pageConversationsOf(database.kysely, installationId))
    for (const { conversation_id: conversationId, user_id: userId } of page)
      yield spell({ conversationIds: [conversationId], userIds: userId === null ? [] : [userId] });
  for await (const payloads of listUnhandledPayloads(database.kysely, installationId))
    yield payloads.flatMap((payload) => findSubjects(JSON.parse(payload)));
  for (const { listStored: listMore } of parts)
    if (listMore) for await (const some of listMore(installationId)) yield spell(some);
}

const spell = ({ userIds, conversationIds }: Gone): Removed[] => [
  ...userIds.map((id): Removed => ({ kind: 'user', id })),
  ...conversationIds.map((id): Removed => ({ kind: 'conversation', id })),
];
