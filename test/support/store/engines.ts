import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Database, DatabasePlace, Engine } from '../../../server/store/engines/database.ts';
import { chooseEngine } from '../../../server/store/engines/engine.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { features } from '../../../server/features.ts';
import { borrowTestDatabase, createTestDatabase } from './postgres-databases.ts';

const hasFeature = (engine: Engine) => features.some(({ name }) => name === engine);

export const postgresIsAvailable = inject('postgresUrl') !== null && hasFeature('postgres');

/** What a store has to work on: `describe.each(engines)('a store on %s', (engine) => …)`. */
export const engines: Engine[] = [
  ...(hasFeature('sqlite') ? (['sqlite'] as const) : []),
  ...(postgresIsAvailable ? (['postgres'] as const) : []),
];

/** As the app opens it. */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  return chooseEngine(features, place).open(place);
}

/**
 * An empty, migrated database; closing it deletes what is in it. `dataDir` is empty on PostgreSQL.
 * @param isNew No test had it before, for those that look at how a statement is run: what was in a table shows there.
 */
export async function openTestDatabase(
  engine: Engine,
  { isNew = false } = {},
): Promise<Database & { dataDir: string }> {
  const place = engine === 'sqlite' ? await copySqlite() : await copyPostgres(isNew);
  const database = await openDatabase(place);
  return {
    ...database,
    dataDir: place.dataDir,
    async close() {
      await database.close();
      await place.remove();
    },
  };
}

/** The same, where leases end by the clock that its stores are given, which a test can move, and not by the server's. */
export function onOwnClock<Opened extends Database>(database: Opened): Opened {
  return { ...database, dialect: { ...database.dialect, serverTime: undefined } };
}

const SQLITE_FILE = 'shopkeeper.db';

/** The migrations are the same each time: a process runs them once per engine, and copies the result. */
let sqliteTemplate: Promise<Buffer> | undefined;
let postgresTemplate: Promise<string> | undefined;

async function copySqlite() {
  sqliteTemplate ??= migrateSqlite();
  const place = await createTestFolder();
  await mkdir(place.dataDir, { mode: 0o700 });
  await writeFile(join(place.dataDir, SQLITE_FILE), await sqliteTemplate, { mode: 0o600 });
  return place;
}

async function migrateSqlite(): Promise<Buffer> {
  const place = await createTestFolder();
  await migratePlace(place);
  const file = await readFile(join(place.dataDir, SQLITE_FILE));
  await place.remove();
  return file;
}

/** A migrated one; `isNew`: no test had it before. */
export async function copyPostgres(isNew: boolean) {
  postgresTemplate ??= migratePostgres();
  return isNew
    ? createTestDatabase(await postgresTemplate)
    : borrowTestDatabase(await postgresTemplate);
}

async function migratePostgres(): Promise<string> {
  const place = await createTestDatabase();
  await migratePlace(place);
  return place.name;
}

async function migratePlace(place: DatabasePlace): Promise<void> {
  const database = await openDatabase(place);
  await migrate(database, features);
  await database.close();
}

/** A data folder that does not exist yet. */
export async function createTestFolder() {
  const parent = await mkdtemp(join(tmpdir(), 'shopkeeper-store-'));
  return {
    dataDir: join(parent, 'data'),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}
