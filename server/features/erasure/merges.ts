import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Core } from '../../core.ts';
import type { Merge, Mergeable } from '../gone.ts';
import type { Schema } from '../../store/schema.ts';
import { SLICE } from '../../store/slices.ts';

/** Long after the last delivery that can name a discarded id. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

type Kind = Mergeable['kind'];

/** Which users and conversations Zendesk merged (`user:merge`), oldest first. */
export async function* listMerges(
  { database }: Pick<Core, 'database'>,
  installationId: string,
): AsyncGenerator<object> {
  yield* await database.kysely
    .selectFrom('merges')
    .select(['kind', 'discarded_id', 'surviving_id', 'at'])
    .where('installation_id', '=', installationId)
    .orderBy('at')
    .orderBy('discarded_id')
    .execute();
}

/** Those that are kept no longer; whoever takes one has to delete it. */
export async function* listOldMerges(kysely: Kysely<Schema>, now: number) {
  for (;;) {
    const old = kysely
      .selectFrom('merges')
      .selectAll()
      .where('at', '<', now - KEPT_MS);
    const page = await old.limit(SLICE).execute();
    if (page.length === 0) return;
    yield* page;
  }
}

/** The id that was given, or the one it was merged into, as part of a statement. */
export const livesOn = ({ installationId, kind, id }: Mergeable): RawBuilder<string> =>
  sql<string>`coalesce((select surviving_id from merges where installation_id = ${installationId}
    and kind = ${sql.lit(kind)} and discarded_id = ${id}), ${id})`;

/** Where one lives on; undefined when it was not merged into another one. */
export async function findSurvivor(
  kysely: Kysely<Schema>,
  installationId: string,
  kind: Kind,
  id: string,
): Promise<string | undefined> {
  const row = await kysely
    .selectFrom('merges')
    .select('surviving_id')
    .where('installation_id', '=', installationId)
    .where('kind', '=', kind)
    .where('discarded_id', '=', id)
    .executeTakeFirst();
  return row?.surviving_id;
}

/** The given ids and all that were merged into them. */
export async function withDiscarded(
  kysely: Kysely<Schema>,
  installationId: string,
  kind: Kind,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await kysely
    .selectFrom('merges')
    .select('discarded_id')
    .where('installation_id', '=', installationId)
    .where('kind', '=', kind)
    .where('surviving_id', 'in', [...ids])
    .execute();
  return [...new Set([...ids, ...rows.map((row) => row.discarded_id)])];
}

/**
 * Remembers a merge, whatever the order in which merges arrive. Returns where the discarded one lives on;
 * undefined when Zendesk says nothing new by it.
 */
export async function rememberMerge(
  kysely: Kysely<Schema>,
  installationId: string,
  { kind, discardedId, survivingId }: Merge,
  at: number,
): Promise<string | undefined> {
  const end = (await findSurvivor(kysely, installationId, kind, survivingId)) ?? survivingId;
  if (end === discardedId) return undefined;
  await kysely
    .updateTable('merges')
    .set({ surviving_id: end })
    .where('installation_id', '=', installationId)
    .where('kind', '=', kind)
    .where('surviving_id', '=', discardedId)
    .execute();
  const row = { installation_id: installationId, kind, discarded_id: discardedId, at };
  await kysely
    .insertInto('merges')
    .values({ ...row, surviving_id: end })
    .onConflict((conflict) =>
      conflict
        .columns(['installation_id', 'kind', 'discarded_id'])
        .doUpdateSet({ surviving_id: end, at }),
    )
    .execute();
  return end;
}

export async function deleteMerges(
  kysely: Kysely<Schema>,
  installationId: string,
  kind: Kind,
  discardedIds: readonly string[],
): Promise<void> {
  if (discardedIds.length === 0) return;
  await kysely
    .deleteFrom('merges')
    .where('installation_id', '=', installationId)
    .where('kind', '=', kind)
    .where('discarded_id', 'in', discardedIds)
    .execute();
}
