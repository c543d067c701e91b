import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { Database, Engine } from '../../server/store/engines/database.ts';
import { openDatabase } from '../../server/store/engines/open-database.ts';
import { migrate } from '../../server/store/migrate.ts';
import { features } from '../../server/features.ts';

const serverUrl = inject('postgresUrl');

export const postgresIsAvailable = serverUrl !== null;

/** What a store has to work on: `describe.each(engines)('a store on %s', (engine) => …)`. */
export const engines: Engine[] = postgresIsAvailable ? ['sqlite', 'postgres'] : ['sqlite'];

/** An empty, migrated database; closing it deletes it. `dataDir` is empty on PostgreSQL. */
export async function openTestDatabase(engine: Engine): Promise<Database & { dataDir: string }> {
  const place = engine === 'sqlite' ? await createTestFolder() : await createTestDatabase();
  const database = await openDatabase(place);
  await migrate(database, features);
  return {
    ...database,
    dataDir: place.dataDir,
    async close() {
      await database.close();
      await place.remove();
    },
  };
}

/** A data folder that does not exist yet. */
export async function createTestFolder() {
  const parent = await mkdtemp(join(tmpdir(), 'shopkeeper-store-'));
  return {
    dataDir: join(parent, 'data'),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}

/** An empty database of its own on the run's PostgreSQL server. */
export async function createTestDatabase() {
  if (serverUrl === null) throw new Error('This test needs PostgreSQL');
  const name = `shopkeeper_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await runOnServer(serverUrl, `create database ${name}`);
  return {
    databaseUrl: url.href,
    dataDir: '',
    remove: () => runOnServer(serverUrl, `drop database ${name} with (force)`),
  };
}

async function runOnServer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
