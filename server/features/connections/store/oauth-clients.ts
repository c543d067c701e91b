import { type Database, isForeignKeyViolation } from '../../../store/engines/database.ts';
import type { Connection, OAuthClient } from './schema.ts';

/** The OAuth clients of an installation; their secrets are with all other secrets. */
export function createOAuthClientStore({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  return {
    async create(
      client: Pick<OAuthClient, 'id' | 'installation_id' | 'provider' | 'name' | 'client_id'>,
    ): Promise<OAuthClient> {
      const at = now();
      return kysely
        .insertInto('oauth_clients')
        .values({ ...client, created_at: at, updated_at: at })
        .returningAll()
        .executeTakeFirstOrThrow();
    },

    async find(installationId: string, id: string): Promise<OAuthClient | undefined> {
      return kysely
        .selectFrom('oauth_clients')
        .selectAll()
        .where('installation_id', '=', installationId)
        .where('id', '=', id)
        .executeTakeFirst();
    },

    async list(installationId: string): Promise<OAuthClient[]> {
      return kysely
        .selectFrom('oauth_clients')
        .selectAll()
        .where('installation_id', '=', installationId)
        .orderBy('name')
        .orderBy('id')
        .execute();
    },

    async update(
      { id }: OAuthClient,
      changes: Pick<OAuthClient, 'name' | 'client_id'>,
    ): Promise<void> {
      await kysely
        .updateTable('oauth_clients')
        .set({ ...changes, updated_at: now() })
        .where('id', '=', id)
        .execute();
    },

    /** The connections that would stop working without the client. */
    async listUsers({ id }: OAuthClient): Promise<Connection[]> {
      return kysely
        .selectFrom('connections')
        .selectAll()
        .where('oauth_client_id', '=', id)
        .orderBy('name')
        .execute();
    },

    /** False, and nothing is deleted, while a connection uses it. */
    async remove({ id }: OAuthClient): Promise<boolean> {
      try {
        await kysely.deleteFrom('oauth_clients').where('id', '=', id).execute();
        return true;
      } catch (error) {
        if (isForeignKeyViolation(error)) return false;
        throw error;
      }
    },
  };
}
