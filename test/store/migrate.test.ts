import { type Kysely, sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openDatabase } from '../../server/store/open-database.ts';
import { createMigrations, migrate } from '../../server/store/migrate.ts';
import type { Schema } from '../../server/store/schema.ts';
import {
  createTestDatabase,
  createTestFolder,
  engines,
  postgresIsAvailable,
} from '../support/engines.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

describe.each(engines)('migrating %s', (engine) => {
  it('creates every table of the schema', async () => {
    const database = await open();

    await migrate(database);

    expect(await listTables(database)).toEqual([
      'activity',
      'connection_history',
      'connections',
      'conversations',
      'events',
      'facts',
      'installation_owners',
      'installations',
      'locks',
      'merges',
      'oauth_attempts',
      'oauth_clients',
      'removals',
      'secrets',
      'sessions',
      'traces',
    ]);
  });

  it('changes nothing the second time', async () => {
    const database = await open();
    await migrate(database);
    await sql`insert into locks values ('kept', 'holder', 0)`.execute(database.kysely);

    await migrate(database);

    expect(await database.kysely.selectFrom('locks').selectAll().execute()).toHaveLength(1);
  });

  it('leaves no half of a migration that failed, names it, and can be run again', async () => {
    const database = await open();
    await sql`create table sessions (left_over text)`.execute(database.kysely);

    await expect(migrate(database)).rejects.toThrow(
      /^Could not run migration 0001-initial: .*sessions.* already exists/,
    );
    expect(await listTables(database)).toEqual(['sessions']);

    await sql`drop table sessions`.execute(database.kysely);
    await migrate(database);
    expect(await listTables(database)).toContain('sessions');
  });

  it('refuses a database that a newer version has migrated', async () => {
    const database = await open();
    await migrate(database);
    await sql`insert into kysely_migration (name, timestamp)
      values ('9999-from-the-future', '2100-01-01T00:00:00Z')`.execute(database.kysely);

    await expect(migrate(database)).rejects.toThrow('9999-from-the-future');
  });

  async function open(): Promise<Database> {
    const place = engine === 'sqlite' ? await createTestFolder() : await createTestDatabase();
    cleanUps.push(place.remove);
    return openHere(place);
  }
});

describe.runIf(postgresIsAvailable)('migrating PostgreSQL', () => {
  it('is safe when three instances start at the same moment', async () => {
    const place = await createTestDatabase();
    cleanUps.push(place.remove);
    const instances = await Promise.all([openHere(place), openHere(place), openHere(place)]);

    await Promise.all(instances.map(migrate));

    for (const { kysely } of instances) {
      expect(await listMigrations(kysely)).toEqual(Object.keys(createMigrations('postgres')));
    }
  });

  it('puts the statement timeout back', async () => {
    const place = await createTestDatabase();
    cleanUps.push(place.remove);
    const database = await openHere(place);

    await migrate(database);

    const { rows } = await sql`show statement_timeout`.execute(database.kysely);
    expect(rows).toEqual([{ statement_timeout: '30s' }]);
  });
});

async function openHere(place: Parameters<typeof openDatabase>[0]): Promise<Database> {
  const database = await openDatabase(place);
  cleanUps.push(() => database.close());
  return database;
}

async function listTables({ kysely }: Database): Promise<string[]> {
  const tables = await kysely.introspection.getTables();
  return tables.map(({ name }) => name).toSorted();
}

async function listMigrations(kysely: Kysely<Schema>): Promise<unknown[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(kysely);
  return rows.map(({ name }) => name);
}
