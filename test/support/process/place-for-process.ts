import type { Engine } from '../../../server/store/engines/database.ts';
import { copyPostgres } from '../store/engines.ts';

/**
 * The settings that make a process use this engine; `remove` deletes what they point at. PostgreSQL has its
 * tables already, which take a process as long to make as the rest of its start.
 */
export async function placeForProcess(engine: Engine) {
  if (engine === 'sqlite') return { settings: {}, remove: async () => {} };
  const { databaseUrl, remove } = await copyPostgres(true);
  return { settings: { DATABASE_URL: databaseUrl }, remove };
}
