import type { Updateable } from 'kysely';
import type { Database } from '../../../store/engines/database.ts';
import type { ConnectionTable, Connection } from './schema.ts';

export type NewConnection = Pick<
  Connection,
  | 'id'
  | 'installation_id'
  | 'provider'
  | 'name'
  | 'auth_type'
  | 'oauth_client_id'
  | 'account_id'
  | 'client_id'
  | 'host_user'
  | 'status'
  | 'reason'
> &
  Partial<Pick<Connection, 'check_at'>>;

export type ConnectionPatch = Omit<
  Updateable<ConnectionTable>,
  'id' | 'installation_id' | 'provider' | 'auth_type' | 'created_at' | 'updated_at'
>;

/** A user of a provider, as one of our OAuth clients there knows them. */
export interface ProviderUser {
  provider: string;
  clientId: string;
  userId: string;
  accountId: string | null;
}

export function createConnectionStore({
  database: { kysely },
  now,
}: {
  database: Pick<Database, 'kysely'>;
  now: () => number;
}) {
  return {
    /** @throws a unique violation when the installation has a connection of that name. */
    async create(connection: NewConnection): Promise<Connection> {
      const at = now();
      return kysely
        .insertInto('connections')
        .values({ ...connection, created_at: at, updated_at: at })
        .returningAll()
        .executeTakeFirstOrThrow();
    },

    async find(id: string): Promise<Connection | undefined> {
      return kysely.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst();
    },

    async findByState(stateHash: string): Promise<Connection | undefined> {
      return kysely
        .selectFrom('connections')
        .selectAll()
        .where('state_hash', '=', stateHash)
        .executeTakeFirst();
    },

    /** Oldest first. */
    async list(installationId: string): Promise<Connection[]> {
      return kysely
        .selectFrom('connections')
        .selectAll()
        .where('installation_id', '=', installationId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
    },

    /** All that one user of the provider authorized through that client, in every installation. */
    async listOfUser(user: ProviderUser): Promise<Connection[]> {
      return kysely
        .selectFrom('connections')
        .leftJoin('oauth_clients', 'oauth_clients.id', 'connections.oauth_client_id')
        .selectAll('connections')
        .where('connections.provider', '=', user.provider)
        .where('connections.provider_user_id', '=', user.userId)
        .where('connections.provider_account_id', 'is not distinct from', user.accountId)
        .where('connections.auth_type', '=', 'oauth2')
        .where(
          (build) => build.fn.coalesce('oauth_clients.client_id', 'connections.client_id'),
          '=',
          user.clientId,
        )
        .orderBy('connections.created_at')
        .execute();
    },

    /** False when there is no such connection (any more), or with `whileOn` when it is switched off. */
    async update(
      id: string,
      patch: ConnectionPatch,
      { whileOn = false }: { whileOn?: boolean } = {},
    ): Promise<boolean> {
      const { numUpdatedRows } = await kysely
        .updateTable('connections')
        .set({ ...patch, updated_at: now() })
        .where('id', '=', id)
        .$if(whileOn, (query) => query.where('status', '!=', 'disabled'))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async remove(id: string): Promise<boolean> {
      const { numDeletedRows } = await kysely
        .deleteFrom('connections')
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },

    /**
     * Takes connections whose check is due, each for one caller only: of several instances that look at
     * the same time one gets it. If that one dies over it, the check is due again after `againMs`. Those
     * of an account that has left rest, until it comes back or they are deleted with it.
     */
    async claimDue({ againMs, limit }: { againMs: number; limit: number }): Promise<Connection[]> {
      const at = now();
      return kysely
        .updateTable('connections')
        .set({ check_at: at + againMs })
        .where('check_at', '<=', at)
        .where('status', '!=', 'disabled')
        .where('id', 'in', (query) =>
          query
            .selectFrom('connections')
            .select('id')
            .where('check_at', '<=', at)
            .where('installation_id', 'in', (installations) =>
              installations
                .selectFrom('installations')
                .select('installations.id')
                .where('installations.status', '!=', 'revoked'),
            )
            .orderBy('check_at')
            .limit(limit),
        )
        .returningAll()
        .execute();
    },
  };
}
