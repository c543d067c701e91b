import type { Database } from '../../../server/store/engines/database.ts';
import { readWholeDatabase } from './read-whole-database.ts';

/** Everything the database holds of an installation; the name of a lock says nothing of it. */
export async function readLeftovers(database: Database, id: string): Promise<string[]> {
  const rows = await readWholeDatabase(database);
  return rows
    .filter(({ table }) => table !== 'locks')
    .map(({ row }) => JSON.stringify(row))
    .filter((row) => row.includes(id));
}
