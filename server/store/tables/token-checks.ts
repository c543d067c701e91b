import type { Updateable } from 'kysely';
import type { Database } from '../engines/database.ts';
import type { TokenCheckTable } from '../schema.ts';

export type TokenCheckStore = ReturnType<typeof createTokenCheckStore>;

/** The checks of tokens that are under way: a row is there while one is. */
export function createTokenCheckStore({ kysely }: Pick<Database, 'kysely'>) {
  return {
    /** Of a check that is under way it only adds that it was reported. */
    async begin(installationId: string, reportedAt: number | null): Promise<TokenCheckTable> {
      return kysely
        .insertInto('token_checks')
        .values({ installation_id: installationId, reported_at: reportedAt, accepted_looks: 0 })
        .onConflict((conflict) =>
          conflict.column('installation_id').doUpdateSet((build) => ({
            reported_at: build.fn.coalesce('token_checks.reported_at', 'excluded.reported_at'),
          })),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
    },

    async find(installationId: string): Promise<TokenCheckTable | undefined> {
      return kysely
        .selectFrom('token_checks')
        .selectAll()
        .where('installation_id', '=', installationId)
        .executeTakeFirst();
    },

    async update(
      installationId: string,
      patch: Pick<Updateable<TokenCheckTable>, 'accepted_looks' | 'rejected_at'>,
    ): Promise<void> {
      await kysely
        .updateTable('token_checks')
        .set(patch)
        .where('installation_id', '=', installationId)
        .execute();
    },

    async remove(installationId: string): Promise<void> {
      await kysely
        .deleteFrom('token_checks')
        .where('installation_id', '=', installationId)
        .execute();
    },
  };
}
