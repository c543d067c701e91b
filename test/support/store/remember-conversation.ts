import type { Database } from '../../../server/store/engines/database.ts';
import {
  prepareConversations,
  type ConversationUpsert,
} from '../../../server/store/tables/conversations.ts';

/** As an event of it that is settled does. */
export async function rememberConversation(
  database: Pick<Database, 'prepareBatch'>,
  row: ConversationUpsert,
): Promise<void> {
  await prepareConversations(database)([row]);
}
