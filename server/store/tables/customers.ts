import { sql, type RawBuilder } from 'kysely';
import type { Observe } from '../../observe.ts';
import { containing, type Database } from '../engines/database.ts';
import { forgetConversations, IS_UNSETTLED, moveConversation } from './conversation-rows.ts';
import { findSurvivor, rememberMerge, withDiscarded, type Merge } from './merges.ts';
import type { Removed, RemovalStore } from './removals.ts';

/** Rows looked at in one go. Small, so that on SQLite no delivery waits long for its turn. */
const PAGE = 500;

export type CustomerStore = ReturnType<typeof createCustomerStore>;

/** What becomes of everything stored of a customer when Zendesk deletes or unifies users. */
export function createCustomerStore(options: {
  database: Database;
  removals: RemovalStore;
  /** Told when what customers wrote is deleted. */
  observe: Pick<Observe, 'dropWords'>;
  now: () => number;
}) {
  const { database, removals, observe, now } = options;
  const { kysely, signals } = database;

  /** A conversation is known by its user once an event of it was handled; until then by the payloads. */
  async function findConversations(installationId: string, userIds: readonly string[]) {
    const known = await kysely
      .selectFrom('conversations')
      .select('conversation_id')
      .where('installation_id', '=', installationId)
      .where('user_id', 'in', [...userIds])
      .execute();
    const ids = new Set(known.map((row) => row.conversation_id));
    for (const userId of userIds) {
      for await (const key of findUnhandled(installationId, userId))
        ids.add(key.slice(installationId.length + 1));
    }
    return [...ids];
  }

  /** The keys of events that wait or failed and name the user; few, whatever was handled already. */
  async function* findUnhandled(installationId: string, userId: string) {
    const quoted = JSON.stringify(userId);
    const names = [`"id":${quoted}`, `"userId":${quoted}`];
    const isMention = sql<boolean>`payload like ${containing(quoted)} escape '\\'`;
    for await (const page of listUnhandled(installationId, isMention))
      for (const { conversation_key: key, payload } of page)
        if (names.some((name) => payload?.includes(name) === true)) yield key;
  }

  async function* listUnhandled(installationId: string, condition: RawBuilder<boolean>) {
    const seqs = await findUnhandledSeqs(installationId);
    for (let start = 0; start < seqs.length; start += PAGE) {
      yield await kysely
        .selectFrom('events')
        .select(['conversation_key', 'payload'])
        .where('seq', 'in', seqs.slice(start, start + PAGE))
        .where('type', 'not in', ['user:remove', 'user:merge', 'conversation:remove'])
        .where(condition)
        .execute();
      await new Promise(setImmediate);
    }
  }

  /** From the two indexes on them alone; the key tells whose a waiting one is. */
  async function findUnhandledSeqs(installationId: string): Promise<number[]> {
    const prefix = `${installationId}/`;
    const unsettled = await kysely
      .selectFrom('events')
      .select('seq')
      .where(IS_UNSETTLED)
      .where(sql<boolean>`substr(conversation_key, 1, ${sql.lit(prefix.length)}) = ${prefix}`)
      .execute();
    const failed = await kysely
      .selectFrom('events')
      .select('seq')
      .where('installation_id', '=', installationId)
      .where('state', '=', sql.lit('failed' as const))
      .execute();
    return [...unsettled, ...failed].map(({ seq }) => seq);
  }

  async function remove(
    installationId: string,
    userIds: readonly string[],
    conversationIds: readonly string[],
  ): Promise<void> {
    const at = now();
    await kysely.transaction().execute(async (transaction) => {
      // First, so that what is stored from here on is recognised.
      await removals.remember(transaction, installationId, [
        ...userIds.map((id): Removed => ({ kind: 'user', id })),
        ...conversationIds.map((id): Removed => ({ kind: 'conversation', id })),
      ]);
      await transaction
        .updateTable('installations')
        .set({ last_removal_at: at })
        .where('id', '=', installationId)
        .execute();
      await forgetConversations(transaction, installationId, conversationIds, at, observe);
      if (userIds.length === 0) return;
      await transaction
        .deleteFrom('merges')
        .where('installation_id', '=', installationId)
        .where('kind', '=', 'user')
        .where('discarded_id', 'in', [...userIds])
        .execute();
    });
    // Whoever receives deliveries has to know that some of them may come too late.
    signals.publish('installations', installationId);
  }

  /** Returns the ids of the conversations that were deleted with the customer. */
  async function removeUser(installationId: string, userId: string): Promise<string[]> {
    const userIds = await withDiscarded(kysely, installationId, 'user', [userId]);
    const conversationIds = await findConversations(installationId, userIds);
    await remove(installationId, userIds, conversationIds);
    return conversationIds;
  }

  async function removeConversation(installationId: string, conversationId: string): Promise<void> {
    const ids = await withDiscarded(kysely, installationId, 'conversation', [conversationId]);
    await remove(installationId, [], ids);
  }

  /**
   * What is stored of the discarded user or conversation is the survivor's from now on. Should the
   * survivor have been removed already, because Zendesk promises no order, it is removed as well.
   */
  async function merge(installationId: string, change: Merge): Promise<void> {
    const { kind, discardedId, survivingId } = change;
    const end = (await findSurvivor(kysely, installationId, kind, survivingId)) ?? survivingId;
    const gone = await removals.findRemoved(installationId, [{ kind, id: end }]);
    if (gone.length > 0 && kind === 'user')
      return void (await removeUser(installationId, discardedId));
    if (gone.length > 0) return await removeConversation(installationId, discardedId);
    const at = now();
    await kysely.transaction().execute(async (transaction) => {
      const survivor = await rememberMerge(transaction, installationId, change, at);
      if (survivor === undefined) return;
      if (kind === 'conversation')
        return await moveConversation(transaction, installationId, discardedId, survivor);
      await transaction
        .updateTable('conversations')
        .set({ user_id: survivor })
        .where('installation_id', '=', installationId)
        .where('user_id', '=', discardedId)
        .execute();
    });
  }

  /** What is kept of events that wait or failed, a page at a time. */
  async function* listUnhandledPayloads(installationId: string): AsyncGenerator<string[]> {
    const hasPayload = sql<boolean>`payload is not null`;
    for await (const page of listUnhandled(installationId, hasPayload))
      yield page.flatMap(({ payload }) => (payload === null ? [] : [payload]));
  }

  return { removeUser, removeConversation, merge, listUnhandledPayloads };
}
