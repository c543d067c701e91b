import type { Database } from './database.ts';

export type OwnerStore = ReturnType<typeof createOwnerStore>;

/** Which browser may see which installation: the one that completed its install. */
export function createOwnerStore({
  database: { kysely },
  now,
}: {
  database: Database;
  now: () => number;
}) {
  return {
    async grant({
      ownerId,
      installationId,
      stateHash,
    }: {
      ownerId: string;
      installationId: string;
      stateHash: string;
    }): Promise<void> {
      await kysely
        .insertInto('installation_owners')
        .values({
          owner_id: ownerId,
          installation_id: installationId,
          state_hash: stateHash,
          created_at: now(),
        })
        .onConflict((conflict) =>
          conflict.columns(['owner_id', 'installation_id']).doUpdateSet({ state_hash: stateHash }),
        )
        .execute();
    },

    async owns(ownerId: string, installationId: string): Promise<boolean> {
      const row = await kysely
        .selectFrom('installation_owners')
        .select('owner_id')
        .where('owner_id', '=', ownerId)
        .where('installation_id', '=', installationId)
        .executeTakeFirst();
      return row !== undefined;
    },

    async ownsAny(ownerId: string): Promise<boolean> {
      const row = await kysely
        .selectFrom('installation_owners')
        .select('owner_id')
        .where('owner_id', '=', ownerId)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** The installation this owner got through that attempt: where a reloaded callback goes. */
    async findByState(ownerId: string, stateHash: string): Promise<string | undefined> {
      const row = await kysely
        .selectFrom('installation_owners')
        .select('installation_id')
        .where('owner_id', '=', ownerId)
        .where('state_hash', '=', stateHash)
        .executeTakeFirst();
      return row?.installation_id;
    },
  };
}
