import type { Database } from '../engines/database.ts';
import { createLookup } from '../engines/lookup.ts';
import type { Conversation } from '../schema.ts';

/** Without `handed_off_at` the stored value stays. */
export type ConversationUpsert = Omit<Conversation, 'handed_off_at'> &
  Partial<Pick<Conversation, 'handed_off_at'>>;

export function createConversationStore(database: Pick<Database, 'kysely' | 'prepareBatch'>) {
  const { kysely } = database;
  const find = createLookup<'installation_id' | 'conversation_id', Conversation>(
    database,
    { installation_id: 'text', conversation_id: 'text' },
    `select conversations.* from given join conversations
      on conversations.installation_id = given.installation_id
      and conversations.conversation_id = given.conversation_id`,
  );

  return {
    find: (installationId: string, id: string): Promise<Conversation | undefined> =>
      find({ installation_id: installationId, conversation_id: id }),

    /** Newest first. */
    list: (installationId: string, limit: number): Promise<Conversation[]> =>
      kysely
        .selectFrom('conversations')
        .selectAll()
        .where('installation_id', '=', installationId)
        .orderBy('last_event_at', 'desc')
        .orderBy('conversation_id')
        .limit(limit)
        .execute(),
  };
}

/** Events without a user (the switchboard's) do not make us forget whose conversation it is. */
export function prepareConversations({ prepareBatch }: Pick<Database, 'prepareBatch'>) {
  return prepareBatch<keyof Conversation>({
    name: 'upsert-conversations',
    given: {
      installation_id: 'text',
      conversation_id: 'text',
      user_id: 'text',
      controller: 'text',
      handed_off_at: 'bigint',
      last_event_at: 'bigint',
    },
    text: `
      insert into conversations (installation_id, conversation_id, user_id, controller,
        handed_off_at, last_event_at)
      select installation_id, conversation_id, user_id, controller, handed_off_at, last_event_at
      from given where true
      on conflict (installation_id, conversation_id) do update set
        user_id = coalesce(excluded.user_id, conversations.user_id),
        controller = excluded.controller,
        handed_off_at = coalesce(excluded.handed_off_at, conversations.handed_off_at),
        last_event_at = excluded.last_event_at`,
  });
}
