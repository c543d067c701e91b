import type { Database } from './database.ts';

/** Where the database is. */
export interface DatabasePlace {
  databaseUrl?: string | undefined;
  /** When `databaseUrl` leads through a pooler: PostgreSQL itself. */
  databaseDirectUrl?: string | undefined;
  dataDir: string;
}

/**
 * PostgreSQL when there is a URL, otherwise the SQLite file in `dataDir`. Does not migrate. Only the
 * driver that is needed is loaded: each costs memory and time at the start.
 * Throws DataFolderInUseError when another process has the folder open.
 */
export async function openDatabase(
  { databaseUrl, databaseDirectUrl, dataDir }: DatabasePlace,
  warn?: (message: string) => void,
): Promise<Database> {
  if (databaseUrl) {
    const { findPostgresPlaces, openPostgres } = await import('./postgres.ts');
    return openPostgres(findPostgresPlaces({ databaseUrl, databaseDirectUrl }), warn);
  }
  const { openSqlite } = await import('./sqlite.ts');
  return openSqlite(dataDir);
}
