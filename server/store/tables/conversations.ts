import type { Kysely } from 'kysely';
import type { Database } from '../engines/database.ts';
import type { Conversation, Schema } from '../schema.ts';

/** Without `handed_off_at` the stored value stays; null clears it. */
export type ConversationUpsert = Omit<Conversation, 'handed_off_at'> &
  Partial<Pick<Conversation, 'handed_off_at'>>;

export type ConversationStore = ReturnType<typeof createConversationStore>;

export function createConversationStore({ database }: { database: Database }) {
  const { kysely } = database;
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

    /** By id. */
    async listAfter(
      installationId: string,
      afterId: string,
      limit: number,
    ): Promise<Conversation[]> {
      return kysely
        .selectFrom('conversations')
        .selectAll()
        .where('installation_id', '=', installationId)
        .where('conversation_id', '>', afterId)
        .orderBy('conversation_id')
        .limit(limit)
        .execute();
    },

    /** Deletes those that nothing was heard of since that time, in epoch milliseconds. */
    async deleteSilentSince(time: number): Promise<void> {
      // The index on time is one for each installation.
      for (const { id } of await kysely.selectFrom('installations').select('id').execute()) {
        await kysely
          .deleteFrom('conversations')
          .where('installation_id', '=', id)
          .where('last_event_at', '<', time)
          .execute();
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
