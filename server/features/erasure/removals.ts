import { sql, type Kysely } from 'kysely';
import type { RestoreSources } from '../../commands/engine-commands.ts';
import type { Core } from '../../core.ts';
import type { Write } from '../../inbox/settle.ts';
import type { Installation, Schema } from '../../store/schema.ts';
import { deleteInSlices } from '../../store/slices.ts';
import type { KnownRemoval } from './schema.ts';

/**
 * For this long a late duplicate of a delivery is dropped. Zendesk delivers again for 15 minutes (OpenAPI
 * Webhooks, retry policy).
 */
const RECENT_MS = 24 * 60 * 60_000;
/** For this long a backup that knows what was removed can be put back without bringing it back. */
const KEPT_DAYS = 30;
const KEPT_MS = KEPT_DAYS * 24 * 60 * 60_000;

const AT_ONCE = 500;
/** Tells the hashes from other words, in any text. */
const PREFIX = 'removed_';
const HASH = /\bremoved_[\w-]{43}(?![\w-])/g;

/** What was removed of an installation; of kind `installation` it is the whole of it. */
export interface Removed {
  kind: 'user' | 'conversation' | 'installation';
  id: string;
}

const hashesOf = (
  { hash }: Pick<Core, 'hash'>,
  installationId: string,
  { kind, id }: Removed,
): string[] => hash(`${kind} ${installationId} ${id}`).map((text) => PREFIX + text);

/**
 * Remembers what is deleted, within the transaction that deletes it, as keyed hashes from which no id can be
 * found again: what comes late for a customer who is gone is dropped, and a backup from before does not bring
 * anybody back. The log has them as well, because a restore replaces the database.
 */
export async function rememberRemoved(
  core: Pick<Core, 'hash' | 'log' | 'now'>,
  transaction: Kysely<Schema>,
  installationId: string,
  removed: readonly Removed[],
): Promise<void> {
  const removals = removed.flatMap((one) => hashesOf(core, installationId, one).slice(0, 1));
  const at = core.now();
  await insertRemovals(
    transaction,
    removals.map((hash) => ({ hash, at })),
  );
  core.log.info({ removals }, 'Removed for good, also after a restore.');
}

/** Those of the given that were removed. */
export async function findRemoved(
  core: Pick<Core, 'database' | 'hash'>,
  installationId: string,
  candidates: readonly Removed[],
): Promise<Removed[]> {
  const found: Removed[] = [];
  for (let start = 0; start < candidates.length; start += AT_ONCE) {
    const some = candidates.slice(start, start + AT_ONCE);
    const hashed = some.map((one) => ({ one, hashes: hashesOf(core, installationId, one) }));
    const all = hashed.flatMap(({ hashes }) => hashes);
    const removals = core.database.kysely.selectFrom('removals').select('hash');
    const rows = await removals.where('hash', 'in', all).execute();
    const known = new Set(rows.map((row) => row.hash));
    for (const { one, hashes } of hashed)
      if (hashes.some((hash) => known.has(hash))) found.push(one);
    await new Promise(setImmediate);
  }
  return found;
}

/** Whether a customer or conversation of the installation was removed within a day. */
export const hadRemoval = (
  { now }: Pick<Core, 'now'>,
  { last_removal_at: last }: Pick<Installation, 'last_removal_at'>,
): boolean => last !== null && last >= now() - RECENT_MS;

/** That one was removed just now; without an id, of every installation. */
export async function noteRemoval(
  transaction: Kysely<Schema>,
  at: number,
  installationId?: string,
): Promise<void> {
  const all = transaction.updateTable('installations').set({ last_removal_at: at });
  await (installationId === undefined ? all : all.where('id', '=', installationId)).execute();
}

export async function deleteOldRemovals({
  database,
  now,
}: Pick<Core, 'database' | 'now'>): Promise<void> {
  const time = now() - KEPT_MS;
  await deleteInSlices(database.kysely, 'removals', ['hash'], sql`at < ${time}`);
}

/** Whether any are known. */
export async function findRemovals(kysely: Kysely<Schema>) {
  const one = await kysely.selectFrom('removals').select('hash').limit(1).executeTakeFirst();
  return one && { what: 'who was deleted', days: KEPT_DAYS };
}

/** Where it is found who was removed since a backup was made. */
export const removalSources: RestoreSources = {
  async readDatabase(kysely) {
    const removals = await kysely.selectFrom('removals').selectAll().execute();
    return (transaction) => insertRemovals(transaction, removals);
  },
  option: 'removals',
  readFile(text): Write {
    const hashes = [...new Set(text.match(HASH) ?? [])];
    const at = Date.now();
    return (transaction) =>
      insertRemovals(
        transaction,
        hashes.map((hash) => ({ hash, at })),
      );
  },
  missing:
    'Nothing tells which customers and accounts were deleted since it was made. If the log does: npm run restore -- --removals <file of the log>',
};

/** Those that are known already keep their time. */
async function insertRemovals(
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
