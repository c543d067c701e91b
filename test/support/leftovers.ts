import type { Database } from '../../server/store/engines/database.ts';

/** Everything the database holds of an installation. */
export async function readLeftovers({ kysely }: Database, id: string): Promise<string[]> {
  const tables = [
    'installations',
    'installation_owners',
    'secrets',
    'events',
    'conversations',
    'token_checks',
    'activity',
  ] as const;
  const rows = await Promise.all(
    tables.map((table) => kysely.selectFrom(table).selectAll().execute()),
  );
  return rows
    .flat()
    .map((row) => JSON.stringify(row))
    .filter((row) => row.includes(id));
}
