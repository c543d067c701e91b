import type { Kysely } from 'kysely';
import type { Conversation, Schema } from '../../store/schema.ts';

const PAGE = 200;

/** Those of an installation, by id. */
export async function* pageConversationsOf(
  kysely: Kysely<Schema>,
  installationId: string,
): AsyncGenerator<Conversation[]> {
  let last = '';
  for (;;) {
    const page = await kysely
      .selectFrom('conversations')
      .selectAll()
      .where('installation_id', '=', installationId)
      .where('conversation_id', '>', last)
      .orderBy('conversation_id')
      .limit(PAGE)
      .execute();
    const end = page.at(-1);
    if (end === undefined) return;
    yield page;
    last = end.conversation_id;
  }
}
