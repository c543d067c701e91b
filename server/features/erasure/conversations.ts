import { sql, type Kysely } from 'kysely';
import type { Schema } from '../../store/schema.ts';

/** Of the two: what is remembered of either is kept from then on. */
const NEWEST = sql<number>`case when excluded.last_event_at > conversations.last_event_at
  then excluded.last_event_at else conversations.last_event_at end`;

/** The ids of those of any of the users. */
export async function listConversationsOf(
  kysely: Kysely<Schema>,
  installationId: string,
  userIds: readonly string[],
): Promise<string[]> {
  const rows = await kysely
    .selectFrom('conversations')
    .select('conversation_id')
    .where('installation_id', '=', installationId)
    .where('user_id', 'in', userIds)
    .execute();
  return rows.map((row) => row.conversation_id);
}

export async function deleteConversations(
  kysely: Kysely<Schema>,
  installationId: string,
  ids: readonly string[],
): Promise<void> {
  const conversations = kysely.deleteFrom('conversations').where('conversation_id', 'in', ids);
  await conversations.where('installation_id', '=', installationId).execute();
}

/** Gives those of one user to another. */
export async function giveConversations(
  kysely: Kysely<Schema>,
  installationId: string,
  fromUserId: string,
  toUserId: string,
): Promise<void> {
  await kysely
    .updateTable('conversations')
    .set({ user_id: toUserId })
    .where('installation_id', '=', installationId)
    .where('user_id', '=', fromUserId)
    .execute();
}

/** Under the id it lives on with; where something is known of that one, it knows better who is in control. */
export async function moveConversation(
  kysely: Kysely<Schema>,
  installationId: string,
  fromId: string,
  toId: string,
): Promise<void> {
  const moved = await kysely
    .deleteFrom('conversations')
    .where('installation_id', '=', installationId)
    .where('conversation_id', '=', fromId)
    .returningAll()
    .executeTakeFirst();
  if (moved === undefined) return;
  await kysely
    .insertInto('conversations')
    .values({ ...moved, conversation_id: toId })
    .onConflict((conflict) =>
      conflict
        .columns(['installation_id', 'conversation_id'])
        .doUpdateSet({ last_event_at: NEWEST }),
    )
    .execute();
}
