import type { Database } from '../engines/database.ts';

/**
 * `newest_key`: the id of the key that the instance started last encrypts with. `restored_at`: when the
 * database was put back from a backup, and `probed_at`: when it was last found writable, both in epoch
 * milliseconds. `removed_again_at`:
 * the `restored_at` after which what was removed since the backup was removed again.
 */
export type AppStateName = 'newest_key' | 'restored_at' | 'probed_at' | 'removed_again_at';

/** What the app remembers about itself. */
export function createAppState({ kysely }: Pick<Database, 'kysely'>) {
  return {
    async read(name: AppStateName): Promise<string | undefined> {
      const row = await kysely
        .selectFrom('app_state')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.value;
    },

    async write(name: AppStateName, value: string): Promise<void> {
      await kysely
        .insertInto('app_state')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}
