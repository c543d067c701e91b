import type { StoreDeps } from '../engines/database.ts';

/** Times are in epoch milliseconds. */
type Name =
  /** The id of the key that the instance started last encrypts with. */
  | 'newest_key'
  /** When the database was put back from a backup. */
  | 'restored_at'
  /** A feature's, which begins with its name. */
  | `${string}:${string}`;

/** What the app remembers about itself. */
export function createAppState({ kysely }: Pick<StoreDeps['database'], 'kysely'>) {
  return {
    async read(name: Name): Promise<string | undefined> {
      const rows = kysely.selectFrom('app_state').select('value').where('name', '=', name);
      return (await rows.executeTakeFirst())?.value;
    },

    async write(name: Name, value: string): Promise<void> {
      await kysely
        .insertInto('app_state')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}
