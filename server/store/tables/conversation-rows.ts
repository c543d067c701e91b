import { sql, type Kysely } from 'kysely';
import type { Observe } from '../../observe.ts';
import { withDiscarded } from './merges.ts';
import type { Schema } from '../schema.ts';

const AT_ONCE = 500;

/** Written as the indexes on events spell it, so that SQLite uses them. */
const IS_SETTLED = sql<boolean>`state in ('done', 'ignored', 'failed')`;
export const IS_UNSETTLED = sql<boolean>`state in ('waiting', 'working')`;

const NOTE = 'Deleted, with the customer or the conversation it was about.';

/**
 * Deletes all there is about conversations, and about those that were merged into them. Of their events
 * stay the id, by which a late duplicate is known, type and times: nothing that leads to a conversation. An
 * attempt that is under way finds its event settled, and leaves nothing either.
 */
export async function forgetConversations(
  transaction: Kysely<Schema>,
  installationId: string,
  conversationIds: readonly string[],
  at: number,
  observe: Pick<Observe, 'dropWords'>,
): Promise<void> {
  for (let start = 0; start < conversationIds.length; start += AT_ONCE) {
    const some = conversationIds.slice(start, start + AT_ONCE);
    const ids = await withDiscarded(transaction, installationId, 'conversation', some);
    await forgetSome(transaction, installationId, ids, at, observe);
  }
}

async function forgetSome(
  transaction: Kysely<Schema>,
  installationId: string,
  ids: readonly string[],
  at: number,
  observe: Pick<Observe, 'dropWords'>,
): Promise<void> {
  const keys = ids.map((id) => `${installationId}/${id}`);
  for (const states of [IS_UNSETTLED, IS_SETTLED]) {
    const forgotten = await transaction
      .updateTable('events')
      .set({
        payload: null,
        note: NOTE,
        state: 'ignored',
        conversation_key: sql<string>`installation_id || '/' || event_id`,
        lease_owner: null,
        lease_until: null,
        settled_at: sql<number>`coalesce(settled_at, ${at})`,
      })
      .where('conversation_key', 'in', keys)
      .where(states)
      .returning('event_id')
      .execute();
    for (let start = 0; start < forgotten.length; start += AT_ONCE) {
      const eventIds = forgotten.slice(start, start + AT_ONCE).map((row) => row.event_id);
      await observe.dropWords(transaction, installationId, eventIds);
    }
  }
  await transaction.deleteFrom('activity').where('conversation_key', 'in', keys).execute();
  await transaction
    .deleteFrom('conversations')
    .where('installation_id', '=', installationId)
    .where('conversation_id', 'in', [...ids])
    .execute();
  await transaction
    .deleteFrom('merges')
    .where('installation_id', '=', installationId)
    .where('kind', '=', 'conversation')
    .where('discarded_id', 'in', [...ids])
    .execute();
}

/**
 * Gives what is stored of a conversation to the one it was merged into. An event that is being handled at
 * this moment keeps its place: two of one conversation cannot be under way.
 */
export async function moveConversation(
  transaction: Kysely<Schema>,
  installationId: string,
  from: string,
  to: string,
): Promise<void> {
  const fromKey = `${installationId}/${from}`;
  const conversation_key = `${installationId}/${to}`;
  for (const states of [IS_SETTLED, sql<boolean>`${IS_UNSETTLED} and state = 'waiting'`]) {
    await transaction
      .updateTable('events')
      .set({ conversation_key })
      .where('conversation_key', '=', fromKey)
      .where(states)
      .execute();
  }
  await transaction
    .updateTable('activity')
    .set({ conversation_key })
    .where('conversation_key', '=', fromKey)
    .execute();
  const moved = await transaction
    .deleteFrom('conversations')
    .where('installation_id', '=', installationId)
    .where('conversation_id', '=', from)
    .returningAll()
    .executeTakeFirst();
  if (moved === undefined) return;
  // The survivor's own row knows better who is in control of it.
  await transaction
    .insertInto('conversations')
    .values({ ...moved, conversation_id: to })
    .onConflict((conflict) => conflict.columns(['installation_id', 'conversation_id']).doNothing())
    .execute();
}
