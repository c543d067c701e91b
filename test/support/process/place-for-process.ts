import type { Engine } from '../../../server/store/engines/database.ts';
import { createTestDatabase } from '../store/postgres-databases.ts';

/** The settings that make a process use this engine; `remove` deletes what they point at. */
export async function placeForProcess(engine: Engine) {
  if (engine === 'sqlite') return { settings: {}, remove: async () => {} };
  const { databaseUrl, remove } = await createTestDatabase();
  return { settings: { DATABASE_URL: databaseUrl }, remove };
}
