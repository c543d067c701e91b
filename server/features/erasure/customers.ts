import type { Kysely } from 'kysely';
import type { Core } from '../../core.ts';
import { conversationLane, conversationOf } from '../../inbox/lanes.ts';
import type { Merge } from '../gone.ts';
import type { Schema } from '../../store/schema.ts';
import {
  deleteConversations,
  giveConversations,
  listConversationsOf,
  moveConversation,
} from './conversations.ts';
import {
  deleteMerges,
  findSurvivor,
  listOldMerges,
  rememberMerge,
  withDiscarded,
} from './merges.ts';
import { findRemoved, noteRemoval, rememberRemoved, type Removed } from './removals.ts';
import { findUnhandledKeys, forgetEvents, moveEvents } from './stored-events.ts';

/** In one statement. */
const AT_ONCE = 500;

export type CustomerDeps = Pick<Core, 'database' | 'hash' | 'log' | 'now' | 'parts'>;

/** Deletes all there is about a customer. Returns the ids of the conversations that went along. */
export async function removeUser(
  deps: CustomerDeps,
  installationId: string,
  userId: string,
): Promise<string[]> {
  const { kysely } = deps.database;
  const userIds = await withDiscarded(kysely, installationId, 'user', [userId]);
  const conversationIds = await findConversations(kysely, installationId, userIds);
  await remove(deps, installationId, userIds, conversationIds);
  return conversationIds;
}

export async function removeConversation(
  deps: CustomerDeps,
  installationId: string,
  conversationId: string,
): Promise<void> {
  const { kysely } = deps.database;
  const ids = await withDiscarded(kysely, installationId, 'conversation', [conversationId]);
  await remove(deps, installationId, [], ids);
}

/**
 * What is stored of the discarded user or conversation is the survivor's from now on. If the
 * survivor was removed already, because Zendesk promises no order, it is removed as well.
 */
export async function merge(
  deps: CustomerDeps,
  installationId: string,
  change: Merge,
): Promise<void> {
  const { kysely } = deps.database;
  const { kind, discardedId, survivingId } = change;
  const end = (await findSurvivor(kysely, installationId, kind, survivingId)) ?? survivingId;
  if ((await findRemoved(deps, installationId, [{ kind, id: end }])).length > 0) {
    if (kind === 'user') await removeUser(deps, installationId, discardedId);
    else await removeConversation(deps, installationId, discardedId);
    return;
  }
  const at = deps.now();
  await kysely.transaction().execute(async (transaction) => {
    const survivor = await rememberMerge(transaction, installationId, change, at);
    if (survivor === undefined) return;
    await moveAll(deps, transaction, installationId, { ...change, survivingId: survivor });
  });
}

/** What is stored of the discarded one now. */
async function moveAll(
  { parts }: Pick<CustomerDeps, 'parts'>,
  transaction: Kysely<Schema>,
  installationId: string,
  change: Merge,
): Promise<void> {
  const { kind, discardedId, survivingId } = change;
  for (const { observer } of parts) await observer?.merge?.(transaction, installationId, change);
  if (kind === 'user')
    return await giveConversations(transaction, installationId, discardedId, survivingId);
  const laneOf = (id: string) => conversationLane(installationId, id);
  await moveEvents(transaction, laneOf(discardedId), laneOf(survivingId));
  await moveConversation(transaction, installationId, discardedId, survivingId);
}

/**
 * Merges that are old enough are forgotten. An attempt that was under way then has left what it stored with the
 * discarded one, and so has what came late: that follows first, because nothing leads from there any more.
 */
export async function forgetOldMerges(
  deps: Pick<CustomerDeps, 'database' | 'now' | 'parts'>,
): Promise<void> {
  const { kysely } = deps.database;
  for await (const { installation_id: id, ...merged } of listOldMerges(kysely, deps.now())) {
    const { kind, discarded_id: discardedId, surviving_id: survivingId } = merged;
    await kysely.transaction().execute(async (transaction) => {
      await moveAll(deps, transaction, id, { kind, discardedId, survivingId });
      await deleteMerges(transaction, id, kind, [discardedId]);
    });
    await new Promise(setImmediate);
  }
}

/** A conversation is known by its user once an event of it was handled; until then by the payloads. */
async function findConversations(
  kysely: Kysely<Schema>,
  installationId: string,
  userIds: readonly string[],
): Promise<string[]> {
  const ids = new Set(await listConversationsOf(kysely, installationId, userIds));
  for (const userId of userIds) {
    for await (const key of findUnhandledKeys(kysely, installationId, userId))
      ids.add(conversationOf({ installation_id: installationId, conversation_key: key }));
  }
  return [...ids];
}

async function remove(
  deps: CustomerDeps,
  installationId: string,
  userIds: readonly string[],
  conversationIds: readonly string[],
): Promise<void> {
  const { database } = deps;
  const at = deps.now();
  await database.kysely.transaction().execute(async (transaction) => {
    // First, so that what is stored from here on is recognised.
    await rememberRemoved(deps, transaction, installationId, [
      ...userIds.map((id): Removed => ({ kind: 'user', id })),
      ...conversationIds.map((id): Removed => ({ kind: 'conversation', id })),
    ]);
    await noteRemoval(transaction, at, installationId);
    const goneIds: string[] = [];
    for (let start = 0; start < conversationIds.length; start += AT_ONCE) {
      const some = conversationIds.slice(start, start + AT_ONCE);
      const ids = await withDiscarded(transaction, installationId, 'conversation', some);
      goneIds.push(...ids);
      const keys = ids.map((id) => conversationLane(installationId, id));
      await forgetEvents(deps, transaction, installationId, keys, at);
      await deleteConversations(transaction, installationId, ids);
      await deleteMerges(transaction, installationId, 'conversation', ids);
    }
    await deleteMerges(transaction, installationId, 'user', userIds);
    const gone = { userIds, conversationIds: goneIds };
    for (const { observer } of deps.parts)
      await observer?.forget?.(transaction, installationId, gone);
  });
  // Whoever receives deliveries has to know that some of them may come too late.
  database.signals.publish('installations', installationId);
}
