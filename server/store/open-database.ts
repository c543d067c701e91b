import type { Database } from './database.ts';

/**
 * PostgreSQL when there is a URL, otherwise the SQLite file in `dataDir`. Does not migrate. Only the
 * driver that is needed is loaded: each costs memory and time at the start.
 * Throws DataFolderInUseError when another process has the folder open.
 */
export async function openDatabase(options: {
  databaseUrl?: string | undefined;
  dataDir: string;
}): Promise<Database> {
  if (options.databaseUrl) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(options.databaseUrl);
  }
  const { openSqlite } = await import('./sqlite.ts');
  return openSqlite(options.dataDir);
}
