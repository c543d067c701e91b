import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../../store/engines/database.ts';
import { deleteInSlices } from '../../../store/slices.ts';
import { ALL_LINES, Changes } from './connection-history.ts';
import type { Connection, DeletedConnection } from './schema.ts';

/** What is kept of a connection: neither a secret nor who gave access. */
const Kept = z.object({
  provider: z.string(),
  auth_type: z.enum(['oauth2', 'custom']),
  oauth_client_id: z.string().nullable(),
  account_id: z.string().nullable(),
  client_id: z.string().nullable(),
  host_user: z.string().nullable(),
  created_at: z.number(),
  history: z.array(
    z.object({ actor: z.string(), text: z.string(), changes: Changes, at: z.number() }),
  ),
});

export const readKept = (kept: string) => Kept.parse(JSON.parse(kept));

/** Connections that their owner may have back for a while. */
export function createDeletedConnectionStore({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  return {
    /** Deletes the connection, its secrets at once, and keeps what it can be restored from. */
    async replace({ id }: Pick<Connection, 'id'>): Promise<void> {
      await kysely.transaction().execute(async (transaction) => {
        const connection = await transaction
          .selectFrom('connections')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst();
        if (connection === undefined) return;
        const lines = await transaction
          .selectFrom('connection_history')
          .select(['actor', 'text', 'changes', 'at'])
          .where('connection_id', '=', id)
          .orderBy('id', 'desc')
          .limit(ALL_LINES)
          .execute();
        const history = lines.toReversed().map(({ changes, ...line }) => ({
          ...line,
          changes: Changes.parse(JSON.parse(changes)),
        }));
        const { installation_id, name } = connection;
        await transaction.deleteFrom('connections').where('id', '=', id).execute();
        await transaction
          .insertInto('deleted_connections')
          .values({
            id,
            installation_id,
            name,
            kept: JSON.stringify(Kept.parse({ ...connection, history })),
            deleted_at: now(),
          })
          .execute();
      });
    },

    /** Newest first. */
    async list(installationId: string): Promise<DeletedConnection[]> {
      return kysely
        .selectFrom('deleted_connections')
        .selectAll()
        .where('installation_id', '=', installationId)
        .orderBy('deleted_at', 'desc')
        .orderBy('id')
        .execute();
    },

    /**
     * Puts it back under its id, without access. False when there is no such thing any more: of two who
     * restore it one does.
     * @throws a unique violation when the installation has a connection of that name.
     */
    async restore(
      deleted: DeletedConnection,
      given: { name: string; reason: string },
    ): Promise<boolean> {
      const { history, ...kept } = readKept(deleted.kept);
      return kysely.transaction().execute(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('deleted_connections')
          .where('id', '=', deleted.id)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        const client = await transaction
          .selectFrom('oauth_clients')
          .select('id')
          .where('id', '=', kept.oauth_client_id)
          .executeTakeFirst();
        const { id, installation_id } = deleted;
        await transaction
          .insertInto('connections')
          .values({
            ...kept,
            ...given,
            id,
            installation_id,
            oauth_client_id: client?.id ?? null,
            status: 'needs_reconnect',
            updated_at: now(),
          })
          .execute();
        for (const { changes, ...line } of history)
          await transaction
            .insertInto('connection_history')
            .values({ ...line, connection_id: id, changes: JSON.stringify(changes) })
            .execute();
        return true;
      });
    },

    async deleteOlderThan(ageMs: number): Promise<void> {
      const isOld = sql`deleted_at < ${now() - ageMs}`;
      await deleteInSlices(kysely, 'deleted_connections', ['id'], isOld);
    },
  };
}
