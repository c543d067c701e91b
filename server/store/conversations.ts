import { sql, type Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { Conversation, Schema } from './schema.ts';

/** Without `handed_off_at` the stored value stays; null clears it. */
export type ConversationUpsert = Omit<Conversation, 'handed_off_at'> &
  Partial<Pick<Conversation, 'handed_off_at'>>;

export type ConversationStore = ReturnType<typeof createConversationStore>;

export function createConversationStore({ database: { kysely } }: { database: Database }) {
  return {
    async find(installationId: string, conversationId: string): Promise<Conversation | undefined> {
      return kysely
        .selectFrom('conversations')
        .selectAll()
        .where('installation_id', '=', installationId)
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst();
    },

    upsert: (row: ConversationUpsert) => upsertConversation(kysely, row),

    /** Newest first. */
    async list(installationId: string, limit: number): Promise<Conversation[]> {
      return kysely
        .selectFrom('conversations')
        .selectAll()
        .where('installation_id', '=', installationId)
        .orderBy('last_event_at', 'desc')
        .orderBy('conversation_id')
        .limit(limit)
        .execute();
    },

    /** Deletes the user's conversations with their events and returns the conversation ids. */
    async removeUser(installationId: string, userId: string): Promise<string[]> {
      return kysely.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('events')
          .where('installation_id', '=', installationId)
          .where('conversation_key', 'in', (query) =>
            query
              .selectFrom('conversations')
              .select(sql<string>`installation_id || '/' || conversation_id`.as('key'))
              .where('installation_id', '=', installationId)
              .where('user_id', '=', userId),
          )
          .execute();
        const removed = await transaction
          .deleteFrom('conversations')
          .where('installation_id', '=', installationId)
          .where('user_id', '=', userId)
          .returning('conversation_id')
          .execute();
        return removed.map((row) => row.conversation_id);
      });
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
