import { createHash } from 'node:crypto';
import type { StoreDeps } from '../engines/database.ts';

const YEAR_MS = 365 * 24 * 60 * 60_000;
/** A visit is written down at most this often. */
const VISIT_NOTED_EVERY_MS = 60 * 60_000;

export interface Grant {
  ownerId: string;
  /** Of the attempt that it came from. */
  stateHash: string;
  createdAt: number;
  lastVisitAt: number;
}

/** A grant without a visit since then has ended; in epoch milliseconds. */
export const oldestVisit = (now: number): number => now - YEAR_MS;

/**
 * Which browser may see which installation: the ones that completed its install. A grant ends a year
 * after the last visit, with sign-out, when another owner ends it, and with the installation.
 */
export function createInstallationOwnerStore({ database: { kysely }, now }: StoreDeps) {
  /** Those that have not ended. */
  const grants = () =>
    kysely.selectFrom('installation_owners').where('last_visit_at', '>', oldestVisit(now()));
  const deleteGrants = () => kysely.deleteFrom('installation_owners');

  const findGrant = (ownerId: string, installationId: string) =>
    grants()
      .select('last_visit_at')
      .where('owner_id', '=', ownerId)
      .where('installation_id', '=', installationId)
      .executeTakeFirst();

  return {
    /** Returns whether this browser had no access before. */
    async grant(grant: {
      ownerId: string;
      installationId: string;
      stateHash: string;
    }): Promise<boolean> {
      const { ownerId: owner_id, installationId: installation_id, stateHash: state_hash } = grant;
      const at = now();
      const known = await findGrant(owner_id, installation_id);
      await kysely
        .insertInto('installation_owners')
        .values({ owner_id, installation_id, state_hash, created_at: at, last_visit_at: at })
        .onConflict((conflict) =>
          conflict
            .columns(['owner_id', 'installation_id'])
            .doUpdateSet({ state_hash, last_visit_at: at }),
        )
        .execute();
      return known === undefined;
    },

    async owns(ownerId: string, installationId: string): Promise<boolean> {
      return (await findGrant(ownerId, installationId)) !== undefined;
    },

    /** As `owns`, and remembers when. */
    async visit(ownerId: string, installationId: string): Promise<boolean> {
      const grant = await findGrant(ownerId, installationId);
      if (grant === undefined) return false;
      if (grant.last_visit_at > now() - VISIT_NOTED_EVERY_MS) return true;
      await kysely
        .updateTable('installation_owners')
        .set({ last_visit_at: now() })
        .where('owner_id', '=', ownerId)
        .where('installation_id', '=', installationId)
        .execute();
      return true;
    },

    async ownsAny(ownerId: string): Promise<boolean> {
      const row = await grants()
        .select('owner_id')
        .where('owner_id', '=', ownerId)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Oldest first. */
    list: (installationId: string): Promise<Grant[]> =>
      grants()
        .select(['owner_id as ownerId', 'state_hash as stateHash'])
        .select(['created_at as createdAt', 'last_visit_at as lastVisitAt'])
        .where('installation_id', '=', installationId)
        .orderBy('created_at')
        .orderBy('owner_id')
        .execute(),

    /** The installation this owner got through that attempt: where a reloaded callback goes. */
    async findByState(ownerId: string, stateHash: string): Promise<string | undefined> {
      const row = await grants()
        .select('installation_id')
        .where('owner_id', '=', ownerId)
        .where('state_hash', '=', stateHash)
        .executeTakeFirst();
      return row?.installation_id;
    },

    /** Nobody sees the installation until somebody installs it again. Returns the owner ids. */
    async removeAll(installationId: string): Promise<string[]> {
      const removed = await deleteGrants()
        .where('installation_id', '=', installationId)
        .returning('owner_id')
        .execute();
      return removed.map((row) => row.owner_id);
    },

    /** Ends every grant of a browser. Returns the ids of the installations it saw. */
    async removeOwner(ownerId: string): Promise<string[]> {
      const removed = await deleteGrants()
        .where('owner_id', '=', ownerId)
        .returning('installation_id')
        .execute();
      return removed.map((row) => row.installation_id);
    },

    /** Returns whose access to what has ended. */
    deleteOld: (): Promise<{ ownerId: string; installationId: string }[]> =>
      deleteGrants()
        .where('last_visit_at', '<=', oldestVisit(now()))
        .returning(['owner_id as ownerId', 'installation_id as installationId'])
        .execute(),
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
