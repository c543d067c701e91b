import type { Updateable } from 'kysely';
import type { StoreDeps } from '../engines/database.ts';
import type { TokenCheckTable } from '../schema.ts';

/** The checks of tokens that are under way: a row is there while one is. */
export function createTokenCheckStore({ kysely }: Pick<StoreDeps['database'], 'kysely'>) {
  return {
    /** Of a check that is under way it only adds that it was reported. */
    async begin(installationId: string, reportedAt: number | null): Promise<TokenCheckTable> {
      return await kysely
        .insertInto('token_checks')
        .values({ installation_id: installationId, reported_at: reportedAt, accepted_looks: 0 })
        .onConflict((conflict) =>
          conflict.column('installation_id').doUpdateSet(({ fn }) => ({
            reported_at: fn.coalesce('token_checks.reported_at', 'excluded.reported_at'),
          })),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
    },

    async find(id: string): Promise<TokenCheckTable | undefined> {
      const checks = kysely.selectFrom('token_checks').selectAll();
      return await checks.where('installation_id', '=', id).executeTakeFirst();
    },

    async update(
      id: string,
      patch: Pick<Updateable<TokenCheckTable>, 'accepted_looks' | 'rejected_at'>,
    ): Promise<void> {
      const checks = kysely.updateTable('token_checks').set(patch);
      await checks.where('installation_id', '=', id).execute();
    },

    async remove(id: string): Promise<void> {
      await kysely.deleteFrom('token_checks').where('installation_id', '=', id).execute();
    },
  };
}
