import { type Kysely, type Migration, sql } from 'kysely';

/** Which conversation a line is about, so that it goes when its customer does. */
export const activityOfConversations: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table activity add column conversation_key text`.execute(db);
  },
};
