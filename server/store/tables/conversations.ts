import type { Kysely } from 'kysely';
import type { Database } from '../engines/database.ts';
import type { Conversation, Schema } from '../schema.ts';

/** Without `handed_off_at` the stored value stays; null clears it. */
export type ConversationUpsert = Omit<Conversation, 'handed_off_at'> &
  Partial<Pick<Conversation, 'handed_off_at'>>;

export function createConversationStore({ database }: { database: Pick<Database, 'kysely'> }) {
  const { kysely } = database;
  const conversationsOf = (installationId: string) =>
    kysely.selectFrom('conversations').selectAll().where('installation_id', '=', installationId);

  return {
    find: (installationId: string, id: string): Promise<Conversation | undefined> =>
      conversationsOf(installationId).where('conversation_id', '=', id).executeTakeFirst(),

    upsert: (row: ConversationUpsert) => upsertConversation(kysely, row),

    /** Newest first. */
    list: (installationId: string, limit: number): Promise<Conversation[]> =>
      conversationsOf(installationId)
        .orderBy('last_event_at', 'desc')
        .orderBy('conversation_id')
        .limit(limit)
        .execute(),

    /** By id. */
    listAfter: (installationId: string, id: string, limit: number): Promise<Conversation[]> =>
      conversationsOf(installationId)
        .where('conversation_id', '>', id)
        .orderBy('conversation_id')
        .limit(limit)
        .execute(),

    /** Deletes those that nothing was heard of since that time, in epoch milliseconds. */
    async deleteSilentSince(time: number): Promise<void> {
      // The index on time is one for each installation.
      for (const { id } of await kysely.selectFrom('installations').select('id').execute()) {
        const conversations = kysely.deleteFrom('conversations').where('installation_id', '=', id);
        await conversations.where('last_event_at', '<', time).execute();
        await new Promise(setImmediate);
      }
    },
  };
}

/** Events without a user (the switchboard's) do not make us forget whose conversation it is. */
export async function upsertConversation(
  kysely: Kysely<Schema>,
  row: ConversationUpsert,
): Promise<void> {
  await kysely
    .insertInto('conversations')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['installation_id', 'conversation_id']).doUpdateSet({
        user_id: row.user_id ?? undefined,
        controller: row.controller,
        handed_off_at: row.handed_off_at,
        last_event_at: row.last_event_at,
      }),
    )
    .execute();
}

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

/** Under the id it lives on with, unless something is known of that one: it knows better who is in control. */
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
    .onConflict((conflict) => conflict.columns(['installation_id', 'conversation_id']).doNothing())
    .execute();
}
