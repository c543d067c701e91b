import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../server/errors.ts';
import type { Database } from '../../server/store/engines/database.ts';
import { migrate, readMigrations } from '../../server/store/migrate.ts';
import {
  createTestFolder,
  engines,
  postgresIsAvailable,
  openDatabase,
} from '../support/store/engines.ts';
import { createTestDatabase } from '../support/store/postgres-databases.ts';
import { features } from '../../server/features.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

describe.each(engines)('migrating %s', (engine) => {
  it('creates every table of the core, and those of each feature', async () => {
    const database = await open();

    await migrate(database, []);
    const ofCore = await listTables(database);
    await migrate(database, features);

    expect(ofCore).toEqual([
      'app_state',
      'conversations',
      'events',
      'installation_owners',
      'installations',
      'locks',
      'oauth_attempts',
      'secrets',
      'sessions',
    ]);
    expect((await listTables(database)).length).toBeGreaterThanOrEqual(ofCore.length);
    const { pending, newer } = await readMigrations(database, features);
    expect([pending, newer]).toEqual([[], []]);
  });

  it('changes nothing the second time', async () => {
    const database = await open();
    await migrate(database, features);
    await sql`insert into locks values ('kept', 'holder', 0)`.execute(database.kysely);

    await migrate(database, features);

    expect(await database.kysely.selectFrom('locks').selectAll().execute()).toHaveLength(1);
  });

  it('leaves no half of a migration that failed, names it, and can be run again', async () => {
    const database = await open();
    await sql`create table sessions (left_over text)`.execute(database.kysely);

    await expect(migrate(database, features)).rejects.toThrow(
      /^Could not run migration 0001-initial: .*sessions.* already exists/,
    );
    expect(await listTables(database)).toEqual(['sessions']);

    await sql`drop table sessions`.execute(database.kysely);
    await migrate(database, features);
    expect(await listTables(database)).toContain('sessions');
  });

  it('refuses a database that a newer version has migrated', async () => {
    const database = await open();
    await migrate(database, features);
    await sql`insert into kysely_migration (name, timestamp)
      values ('9999-from-the-future', '2100-01-01T00:00:00Z')`.execute(database.kysely);

    await expect(migrate(database, features)).rejects.toThrow(
      'A newer version has changed this database (9999-from-the-future): run that version',
    );
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

    await Promise.all(instances.map((one) => migrate(one, features)));

    for (const instance of instances) {
      expect(await readMigrations(instance, features)).toMatchObject({ pending: [], newer: [] });
    }
  });

  it('takes its time, whatever limit the role has', async () => {
    const place = await createTestDatabase();
    cleanUps.push(place.remove);
    const database = await openHere(place);

    const { rows } = await database.direct((connection) =>
      connection
        .transaction()
        .execute((transaction) => sql`show statement_timeout`.execute(transaction)),
    );

    expect(rows).toEqual([{ statement_timeout: '0' }]);
  });

  it('keeps the shops of two schemas of one database apart', async () => {
    const place = await createTestDatabase();
    cleanUps.push(place.remove);
    const databases = [];
    for (const schema of ['first', 'second']) {
      const database = await openHere({
        ...place,
        databaseUrl: `${place.databaseUrl}?options=-c%20search_path%3D${schema}`,
      });
      await sql.raw(`create schema ${schema}`).execute(database.kysely);
      await migrate(database, features);
      await migrate(database, features);
      databases.push(database);
    }

    await sql`insert into locks values ('only here', 'holder', 0)`.execute(
      databases[0]?.kysely ?? expect.fail(),
    );

    const rows = await databases[1]?.kysely.selectFrom('locks').selectAll().execute();
    expect(rows).toEqual([]);
  });

  it('says so when there is no schema to make tables in', async () => {
    const place = await createTestDatabase();
    cleanUps.push(place.remove);
    const databaseUrl = `${place.databaseUrl}?options=-c%20search_path%3Dnowhere`;

    await expect(migrate(await openHere({ ...place, databaseUrl }), features)).rejects.toThrow(
      'none of the schemas of its search_path',
    );
  });

  it('says what to grant to a role that may not create tables', async () => {
    const place = await createTestDatabase();
    cleanUps.push(place.remove);
    const owner = await openHere(place);
    const role = `guest_${randomUUID().replaceAll('-', '')}`;
    await sql.raw(`create role ${role} login`).execute(owner.kysely);
    await sql.raw('revoke create on schema public from public').execute(owner.kysely);
    cleanUps.push(async () => void (await sql.raw(`drop role ${role}`).execute(owner.kysely)));
    const url = new URL(place.databaseUrl);
    url.username = role;

    const migrated = migrate(await openHere({ ...place, databaseUrl: url.href }), features);

    await expect(migrated).rejects.toThrow(OperatorError);
    await expect(migrated).rejects.toThrow(/permission denied for schema public.*grant create/);
  });

  it.each(['an empty', 'a migrated'])(
    'says that the server of %s database is read-only',
    async (which) => {
      const place = await createTestDatabase();
      cleanUps.push(place.remove);
      if (which === 'a migrated') await migrate(await openHere(place), features);
      const databaseUrl = `${place.databaseUrl}?options=-c%20default_transaction_read_only%3Don`;

      const migrated = migrate(await openHere({ ...place, databaseUrl }), features);
      await expect(migrated).rejects.toThrow(
        'The PostgreSQL server is read-only. Set DATABASE_URL',
      );
    },
  );
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
