import type { Kysely, Updateable } from 'kysely';
import type { Schema } from '../../store/schema.ts';
import type { TokenCheckTable } from './schema.ts';

/** A row is there while a check is under way; to such a one nothing is added but that it was reported. */
export async function beginCheck(
  kysely: Kysely<Schema>,
  installationId: string,
  reportedAt: number | null,
): Promise<void> {
  await kysely
    .insertInto('token_checks')
    .values({ installation_id: installationId, reported_at: reportedAt, accepted_looks: 0 })
    .onConflict((conflict) =>
      conflict.column('installation_id').doUpdateSet(({ fn }) => ({
        reported_at: fn.coalesce('token_checks.reported_at', 'excluded.reported_at'),
      })),
    )
    .execute();
}

export async function findCheck(
  kysely: Kysely<Schema>,
  id: string,
): Promise<TokenCheckTable | undefined> {
  const checks = kysely.selectFrom('token_checks').selectAll();
  return await checks.where('installation_id', '=', id).executeTakeFirst();
}

export async function updateCheck(
  kysely: Kysely<Schema>,
  id: string,
  patch: Pick<Updateable<TokenCheckTable>, 'accepted_looks' | 'rejected_at'>,
): Promise<void> {
  const checks = kysely.updateTable('token_checks').set(patch);
  await checks.where('installation_id', '=', id).execute();
}

export async function removeCheck(kysely: Kysely<Schema>, id: string): Promise<void> {
  await kysely.deleteFrom('token_checks').where('installation_id', '=', id).execute();
}
