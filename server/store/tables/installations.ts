import type { Updateable } from 'kysely';
import { createObserve, type Observe } from '../../observe.ts';
import { insertActivity } from './activity-log.ts';
import type { Database } from '../engines/database.ts';
import { dropWords } from './drop-words.ts';
import { oldestVisit } from './installation-owners.ts';
import type { RemovalStore } from './removals.ts';
import type { Installation, InstallationStatus, InstallationTable } from '../schema.ts';

/** The status has its own function, so that no change of it goes unchecked. */
export type InstallationPatch = Omit<
  Updateable<InstallationTable>,
  'id' | 'status' | 'status_at' | 'created_at' | 'updated_at'
>;

export type InstallationStore = ReturnType<typeof createInstallationStore>;

export function createInstallationStore({
  database: { kysely, signals, forgetDeleted },
  removals,
  observe = createObserve(),
  now,
}: {
  database: Database;
  /** Remembers that an installation was removed, so that a backup does not bring it back. */
  removals?: RemovalStore;
  /** Told when what customers wrote is deleted. */
  observe?: Pick<Observe, 'dropWords'>;
  now: () => number;
}) {
  return {
    async create(id: string, displayName: string): Promise<Installation> {
      const at = now();
      return kysely
        .insertInto('installations')
        .values({
          id,
          display_name: displayName,
          status: 'installing',
          status_at: at,
          created_at: at,
          updated_at: at,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
    },

    async find(id: string): Promise<Installation | undefined> {
      return kysely.selectFrom('installations').selectAll().where('id', '=', id).executeTakeFirst();
    },

    async findByAppId(appId: string): Promise<Installation | undefined> {
      return kysely
        .selectFrom('installations')
        .selectAll()
        .where('app_id', '=', appId)
        .executeTakeFirst();
    },

    async list(): Promise<Installation[]> {
      return kysely
        .selectFrom('installations')
        .selectAll()
        .orderBy('created_at')
        .orderBy('id')
        .execute();
    },

    /** Those that something has to become of: all but the active ones. */
    async listUnfinished(): Promise<Installation[]> {
      return kysely
        .selectFrom('installations')
        .selectAll()
        .where('status', '!=', 'active')
        .orderBy('status_at')
        .orderBy('id')
        .execute();
    },

    /** Newest first. */
    async listOwnedBy(ownerId: string): Promise<Installation[]> {
      return kysely
        .selectFrom('installation_owners')
        .innerJoin('installations', 'installations.id', 'installation_owners.installation_id')
        .selectAll('installations')
        .where('installation_owners.owner_id', '=', ownerId)
        .where('installation_owners.last_visit_at', '>', oldestVisit(now()))
        .orderBy('installations.created_at', 'desc')
        .orderBy('installations.id')
        .execute();
    },

    /** False when there is no such installation (any more). */
    async update(id: string, patch: InstallationPatch): Promise<boolean> {
      const { numUpdatedRows } = await kysely
        .updateTable('installations')
        .set({ ...patch, updated_at: now() })
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /**
     * Compare and set: false when the status was none of `from`. What customers wrote does not outlive our
     * access.
     */
    async setStatus(
      id: string,
      from: InstallationStatus[],
      to: InstallationStatus,
    ): Promise<boolean> {
      const { numUpdatedRows } = await kysely
        .updateTable('installations')
        .set({ status: to, status_at: now(), updated_at: now() })
        .where('id', '=', id)
        .where('status', 'in', from)
        .executeTakeFirst();
      signals.publish('installations', id);
      if (numUpdatedRows === 0n) return false;
      if (to === 'revoked') {
        await dropWords(kysely, id, now(), observe);
        await forgetDeleted();
      }
      return true;
    },

    /**
     * Leaves nothing of the installation but one line of activity. False, and no line, when it was
     * gone already: Zendesk's remove callback and our own disconnect both end here, in any order. With
     * `onlyIf` the same for one in another status.
     */
    async remove(
      id: string,
      lastLine: { kind: string; text: string },
      onlyIf?: InstallationStatus,
    ): Promise<boolean> {
      const removed = await kysely.transaction().execute(async (transaction) => {
        // Takes owners, secrets, events and conversations along (on delete cascade).
        const { numDeletedRows } = await transaction
          .deleteFrom('installations')
          .where('id', '=', id)
          .$if(onlyIf !== undefined, (query) => query.where('status', '=', onlyIf ?? 'removing'))
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        await transaction.deleteFrom('activity').where('installation_id', '=', id).execute();
        await removals?.remember(transaction, id, [{ kind: 'installation', id }]);
        await insertActivity(transaction, { installation_id: id, ...lastLine, at: now() });
        return true;
      });
      await forgetDeleted();
      signals.publish('installations', id);
      return removed;
    },
  };
}
