import type { Database, DatabasePlace } from './database.ts';

/**
 * PostgreSQL when there is a URL, otherwise the SQLite file in `dataDir`. Does not migrate. Only the
 * driver that is needed is loaded: each costs memory and time at the start.
 * @throws DataFolderInUseError when another process has the folder open.
 */
export async function openDatabase(
  { databaseUrl, databaseDirectUrl, dataDir }: DatabasePlace,
  warn?: (message: string) => void,
): Promise<Database> {
  if (databaseUrl) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres({ databaseUrl, databaseDirectUrl }, warn);
  }
  const { openSqlite } = await import('./sqlite.ts');
  return openSqlite(dataDir);
}
