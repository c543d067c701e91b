import { sql } from 'kysely';
import type { Database } from '../../../store/engines/database.ts';
import { deleteInSlices } from '../../../store/slices.ts';
import type { ReconnectLink } from './schema.ts';

/** Links with which somebody else authorizes a connection; of the token itself only its hash is stored. */
export function createReconnectLinkStore({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  return {
    /** The links of the same connection that nobody has used end with it. */
    async create(link: Omit<ReconnectLink, 'used_at'>): Promise<void> {
      await kysely.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('reconnect_links')
          .where('connection_id', '=', link.connection_id)
          .where('used_at', 'is', null)
          .execute();
        await transaction
          .insertInto('reconnect_links')
          .values({ ...link, used_at: null })
          .execute();
      });
    },

    async find(id: string): Promise<ReconnectLink | undefined> {
      return kysely
        .selectFrom('reconnect_links')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
    },

    async findByHash(tokenHash: string): Promise<ReconnectLink | undefined> {
      return kysely
        .selectFrom('reconnect_links')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
    },

    /** True for one caller only, and only in time. */
    async use(id: string): Promise<boolean> {
      const { numUpdatedRows } = await kysely
        .updateTable('reconnect_links')
        .set({ used_at: now() })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now())
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** It came to nothing: the link can be used after all. */
    async giveBack(id: string): Promise<void> {
      await kysely
        .updateTable('reconnect_links')
        .set({ used_at: null })
        .where('id', '=', id)
        .execute();
    },

    /** A used one stays as long as its page may be looked at. */
    async deleteOld(): Promise<void> {
      await deleteInSlices(kysely, 'reconnect_links', ['id'], sql`expires_at <= ${now()}`);
    },
  };
}
