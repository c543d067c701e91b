import { type Expression, type Kysely, sql, type Updateable } from 'kysely';
import type { Note, Observe } from '../../observe.ts';
import type { Dialect, StoreDeps } from '../engines/database.ts';
import { createLookup } from '../engines/lookup.ts';
import type { Installation, InstallationStatus, InstallationTable, Schema } from '../schema.ts';
import { deleteInSlices } from '../slices.ts';
import { deleteEventsOf } from './account-events.ts';

/** Not known to be gone: of one whose token is being checked nobody knows yet. */
export const CONNECTED: readonly InstallationStatus[] = ['active', 'checking'];

/** The status has its own function, so that no change of it goes unchecked. */
type InstallationPatch = Omit<
  Updateable<InstallationTable>,
  'id' | 'status' | 'status_at' | 'created_at' | 'updated_at'
>;

export interface InstallationStoreDeps extends StoreDeps {
  /** Told of each installation that is deleted. */
  observe?: Pick<Observe, 'remove'>;
}

export function createInstallationStore({ database, observe, now }: InstallationStoreDeps) {
  const { kysely, dialect, signals, forgetDeleted } = database;
  const installations = () => kysely.selectFrom('installations').selectAll('installations');
  const find = createLookup<'id', Installation>(
    database,
    { id: 'text' },
    'select installations.* from given join installations on installations.id = given.id',
  );

  return {
    async create(id: string, displayName: string): Promise<Installation> {
      const at = now();
      const times = { status_at: at, created_at: at, updated_at: at };
      return await kysely
        .insertInto('installations')
        .values({ id, display_name: displayName, status: 'installing', ...times })
        .returningAll()
        .executeTakeFirstOrThrow();
    },

    find: (id: string): Promise<Installation | undefined> => find({ id }),

    /**
     * Whether there is none, asked in a way that only a server that takes writes answers: a standby that is
     * about to be promoted may not have it yet. @throws there.
     */
    async isUnknown(id: string): Promise<boolean> {
      const { rows } = await sql`
        select id from installations where id = ${id} ${dialect.keyShare}`.execute(kysely);
      return rows.length === 0;
    },

    findByAppId: (appId: string): Promise<Installation | undefined> =>
      installations().where('app_id', '=', appId).executeTakeFirst(),

    /** Oldest first. */
    list: (): Promise<Installation[]> =>
      installations().orderBy('created_at').orderBy('id').execute(),

    /** Those that something has to become of: all but the active ones. */
    listUnfinished: (): Promise<Installation[]> =>
      installations().where('status', '!=', 'active').orderBy('status_at').orderBy('id').execute(),

    /** Newest first. */
    listOwnedBy: (ownerId: string): Promise<Installation[]> =>
      installations()
        .innerJoin('installation_owners', 'installations.id', 'installation_owners.installation_id')
        .where('installation_owners.owner_id', '=', ownerId)
        .orderBy('installations.created_at', 'desc')
        .orderBy('installations.id')
        .execute(),

    /** Returns false when there is no such installation (any more). */
    async update(id: string, patch: InstallationPatch): Promise<boolean> {
      const { numUpdatedRows } = await kysely
        .updateTable('installations')
        .set({ ...patch, updated_at: now() })
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** Compare and set: returns false when the status was none of `from`. */
    async setStatus(
      id: string,
      from: readonly InstallationStatus[],
      to: InstallationStatus,
    ): Promise<boolean> {
      const { numUpdatedRows } = await kysely
        .updateTable('installations')
        .set({ status: to, status_at: now(), updated_at: now() })
        .where('id', '=', id)
        .where('status', 'in', from)
        .executeTakeFirst();
      signals.publish('installations', id);
      return numUpdatedRows > 0n;
    },

    /**
     * Leaves nothing of the installation, but for observers a last note. Returns false, and tells nobody, when
     * it was gone already: Zendesk's remove callback and our own disconnect both end here, in any order.
     * With `onlyIf` the same for one in another status.
     */
    async remove(id: string, lastNote: Note, onlyIf?: InstallationStatus): Promise<boolean> {
      const status = (await find({ id }))?.status;
      if (status === undefined || (onlyIf !== undefined && status !== onlyIf)) return false;
      await deleteHistory(kysely, id);
      const removed = await kysely.transaction().execute(async (transaction) => {
        // Ahead of the installation: who settles one of them now has its row, and asks for that one.
        await deleteEventsOf(transaction, id);
        // Takes owners, secrets and whatever else is of it along (on delete cascade).
        const { numDeletedRows } = await transaction
          .deleteFrom('installations')
          .where('id', '=', id)
          .$if(onlyIf !== undefined, (query) => query.where('status', '=', onlyIf ?? 'removing'))
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        // What came meanwhile; from here on nothing can.
        await deleteEventsOf(transaction, id);
        await observe?.remove(transaction, id, lastNote);
        return true;
      });
      await forgetDeleted();
      signals.publish('installations', id);
      return removed;
    },
  };
}

/**
 * The installation's id in a row that has no foreign key: null, which its table refuses, when there is no
 * such installation. Nobody else can delete it until the transaction has ended.
 */
export const whileThere = ({ keyShare }: Pick<Dialect, 'keyShare'>, id: Expression<string>) =>
  sql<string>`(select id from installations where id = ${id} ${keyShare})`;

/** What there may be much of, and nobody misses once it is decided that all of an account goes. */
async function deleteHistory(kysely: Kysely<Schema>, installationId: string): Promise<void> {
  await deleteEventsOf(kysely, installationId);
  const isOfIt = sql`installation_id = ${installationId}`;
  await deleteInSlices(kysely, 'conversations', ['installation_id', 'conversation_id'], isOfIt);
}
