import { sql, type Kysely } from 'kysely';
import type { StoreDeps } from '../engines/database.ts';
import type { Schema } from '../schema.ts';
import type { Vault } from '../secrets/vault.ts';
import { deleteInSlices } from '../slices.ts';

/**
 * For this long a late duplicate of a delivery is dropped. Zendesk delivers again for 15 minutes (OpenAPI
 * Webhooks, retry policy).
 */
export const RECENT_REMOVAL_MS = 24 * 60 * 60_000;
/** For this long a backup that knows what was removed can be put back without bringing it back. */
const REMOVALS_KEPT_MS = 30 * 24 * 60 * 60_000;

const AT_ONCE = 500;
/** Tells the hashes from other words; commands/restore/ looks for them in any text. */
const PREFIX = 'removed_';

/** What was removed of an installation; of kind `installation` it is the whole of it. */
export interface Removed {
  kind: 'user' | 'conversation' | 'installation';
  id: string;
}

export interface KnownRemoval {
  hash: string;
  at: number;
}

export type RemovalStore = ReturnType<typeof createRemovalStore>;

/**
 * Remembers what was deleted, as keyed hashes from which no id can be found again: what comes late for a
 * customer who is gone is dropped, and a backup from before does not bring anybody back.
 */
export function createRemovalStore({
  database: { kysely },
  vault,
  onRemoval,
  now,
}: StoreDeps & {
  vault: Vault;
  /** Where the hashes are written down as well, because a restore replaces the database. */
  onRemoval: (hashes: readonly string[]) => void;
}) {
  const hashesOf = (installationId: string, { kind, id }: Removed): string[] =>
    vault.hash(`${kind} ${installationId} ${id}`).map((hash) => PREFIX + hash);

  return {
    /** Within the transaction that removes. */
    async remember(
      transaction: Kysely<Schema>,
      installationId: string,
      removed: readonly Removed[],
    ): Promise<void> {
      const hashes = removed.flatMap((one) => hashesOf(installationId, one).slice(0, 1));
      const at = now();
      const rows = hashes.map((hash) => ({ hash, at }));
      await insertRemovals(transaction, rows);
      onRemoval(hashes);
    },

    /** Those of the given that were removed. */
    async findRemoved(installationId: string, candidates: readonly Removed[]): Promise<Removed[]> {
      const found: Removed[] = [];
      for (let start = 0; start < candidates.length; start += AT_ONCE) {
        const some = candidates.slice(start, start + AT_ONCE);
        const hashed = some.map((one) => ({ one, hashes: hashesOf(installationId, one) }));
        const all = hashed.flatMap(({ hashes }) => hashes);
        const removals = kysely.selectFrom('removals').select('hash');
        const rows = await removals.where('hash', 'in', all).execute();
        const known = new Set(rows.map((row) => row.hash));
        for (const { one, hashes } of hashed)
          if (hashes.some((hash) => known.has(hash))) found.push(one);
        await new Promise(setImmediate);
      }
      return found;
    },

    async deleteOld(): Promise<void> {
      const time = now() - REMOVALS_KEPT_MS;
      await deleteInSlices(kysely, 'removals', ['hash'], sql`at < ${time}`);
    },
  };
}

/** Those that are known already keep their time. */
export async function insertRemovals(
  kysely: Kysely<Schema>,
  removals: readonly KnownRemoval[],
): Promise<void> {
  for (let start = 0; start < removals.length; start += AT_ONCE) {
    await kysely
      .insertInto('removals')
      .values(removals.slice(start, start + AT_ONCE))
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
  }
}
