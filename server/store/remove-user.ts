import { sql, type RawBuilder } from 'kysely';
import type { Database } from './database.ts';
import { conversationIdOf, conversationLane } from './lanes.ts';
import { containing } from './like-pattern.ts';

/** Rows looked at in one go. Small, so that on SQLite no delivery waits long for its turn. */
const PAGE = 500;

export type RemoveUser = (installationId: string, userId: string) => Promise<string[]>;

/**
 * Deletes a customer's conversations with their events and with the activity about them; answers the
 * conversation ids. An event that failed left no row in conversations, so events are also found by the
 * user that their payload names. Events of type `user:remove` stay: one of them is being handled.
 */
export function createRemoveUser({ database: { kysely } }: { database: Database }): RemoveUser {
  /** Every event of the installation, in small steps. No index leads from a customer to events. */
  async function* walkEvents(installationId: string, mention: RawBuilder<string | null>) {
    let after = '';
    for (;;) {
      const page = await kysely
        .selectFrom('events')
        .select(['seq', 'event_id', 'conversation_key', mention.as('mention')])
        .where('installation_id', '=', installationId)
        .where('event_id', '>', after)
        .where('type', '!=', 'user:remove')
        .orderBy('event_id')
        .limit(PAGE)
        .execute();
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.event_id;
      await new Promise(setImmediate);
    }
  }

  async function findConversationKeys(
    installationId: string,
    userId: string,
  ): Promise<Set<string>> {
    const known = await kysely
      .selectFrom('conversations')
      .select('conversation_id')
      .where('installation_id', '=', installationId)
      .where('user_id', '=', userId)
      .execute();
    const keys = new Set(known.map((row) => conversationLane(installationId, row.conversation_id)));
    const quoted = JSON.stringify(userId);
    const mention = sql<string | null>`
      case when payload like ${containing(quoted)} escape '\\' then payload end`;
    for await (const event of walkEvents(installationId, mention)) {
      const names = (field: string) => event.mention?.includes(`"${field}":${quoted}`) === true;
      if (names('id') || names('userId')) keys.add(event.conversation_key);
    }
    return keys;
  }

  return async (installationId, userId) => {
    const keys = await findConversationKeys(installationId, userId);
    if (keys.size === 0) return [];
    const seqs: number[] = [];
    for await (const event of walkEvents(installationId, sql.lit(null))) {
      if (keys.has(event.conversation_key)) seqs.push(event.seq);
    }
    const ids = [...keys].flatMap(
      (conversation_key) =>
        conversationIdOf({ installation_id: installationId, conversation_key }) ?? [],
    );
    await kysely.transaction().execute(async (transaction) => {
      for (let start = 0; start < seqs.length; start += PAGE) {
        const some = seqs.slice(start, start + PAGE);
        await transaction.deleteFrom('events').where('seq', 'in', some).execute();
      }
      await transaction
        .deleteFrom('activity')
        .where('installation_id', '=', installationId)
        .where('conversation_key', 'in', [...keys])
        .execute();
      await transaction
        .deleteFrom('conversations')
        .where('installation_id', '=', installationId)
        .where('conversation_id', 'in', ids)
        .execute();
    });
    return ids;
  };
}
