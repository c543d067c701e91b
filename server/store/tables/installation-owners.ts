import { createHash } from 'node:crypto';
import type { StoreDeps } from '../engines/database.ts';
import type { InstallationOwnerTable } from '../schema.ts';

export type Grant = Pick<InstallationOwnerTable, 'owner_id' | 'installation_id' | 'state_hash'>;

/**
 * Which browser may see which installation: the ones that completed its install. A grant ends with the
 * installation, and when Zendesk has ended ours.
 */
export function createInstallationOwnerStore({ database: { kysely }, now }: StoreDeps) {
  const grantsOf = (ownerId: string) =>
    kysely.selectFrom('installation_owners').where('owner_id', '=', ownerId);

  async function owns(ownerId: string, installationId: string): Promise<boolean> {
    const grants = grantsOf(ownerId).select('owner_id');
    const grant = grants.where('installation_id', '=', installationId);
    return (await grant.executeTakeFirst()) !== undefined;
  }

  return {
    owns,

    /** Returns whether this browser had no access before. */
    async grant(grant: Grant): Promise<boolean> {
      const { owner_id, installation_id, state_hash } = grant;
      const isNew = !(await owns(owner_id, installation_id));
      await kysely
        .insertInto('installation_owners')
        .values({ ...grant, created_at: now() })
        .onConflict((conflict) =>
          conflict.columns(['owner_id', 'installation_id']).doUpdateSet({ state_hash }),
        )
        .execute();
      return isNew;
    },

    ownsAny: async (ownerId: string): Promise<boolean> =>
      (await grantsOf(ownerId).select('owner_id').executeTakeFirst()) !== undefined,

    /** Oldest first. */
    list: (installationId: string): Promise<Grant[]> =>
      kysely
        .selectFrom('installation_owners')
        .select(['owner_id', 'installation_id', 'state_hash'])
        .where('installation_id', '=', installationId)
        .orderBy('created_at')
        .orderBy('owner_id')
        .execute(),

    /** The installation this owner got through that attempt: where a reloaded callback goes. */
    async findByState(ownerId: string, stateHash: string): Promise<string | undefined> {
      const grants = grantsOf(ownerId).select('installation_id');
      const grant = await grants.where('state_hash', '=', stateHash).executeTakeFirst();
      return grant?.installation_id;
    },

    /** Nobody sees the installation until somebody installs it again. Returns the owner ids. */
    async removeAll(installationId: string): Promise<string[]> {
      const removed = await kysely
        .deleteFrom('installation_owners')
        .where('installation_id', '=', installationId)
        .returning('owner_id')
        .execute();
      return removed.map((row) => row.owner_id);
    },
  };
}

/** Stands for an owner id on pages: 32 hex digits. The id itself is shown nowhere. */
export function ownerKey(ownerId: string): string {
  return createHash('sha256').update(`owner ${ownerId}`).digest('hex').slice(0, 32);
}

/** What a browser is called on pages and in the trail, for example `browser 3f2a1c`. */
export function nameOwner(ownerId: string): string {
  return `browser ${ownerKey(ownerId).slice(0, 6)}`;
}
