import { sql, type Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import type { Schema } from '../../../server/store/schema.ts';
import { createTestFolder, openDatabase } from '../../support/store/engines.ts';

let place: Awaited<ReturnType<typeof createTestFolder>>;
let database: Database;
beforeEach(async () => {
  place = await createTestFolder();
  database = await openDatabase(place);
  await sql`create table notes (text text)`.execute(database.kysely);
});
afterEach(async () => {
  await database.close();
  await place.remove();
});

const limit = (pages: number) =>
  sql`pragma max_page_count = ${sql.lit(pages)}`.execute(database.kysely);
const write = (connection: Kysely<Schema>) =>
  sql`insert into notes values (hex(randomblob(100000)))`.execute(connection);
const writeInTransaction = () => database.kysely.transaction().execute(write);
const writeInMigration = () =>
  database.direct((connection) =>
    database.dialect.aroundMigrations(connection, async () => void (await write(connection))),
  );

/** SQLite has rolled back by itself then, and refuses to do it once more. */
describe('a disk that is full', () => {
  it.each([
    ['a transaction', writeInTransaction],
    ['migrations', writeInMigration],
  ])(
    'is what fails in %s, of which nothing stays, and is not when there is room',
    async (_of, run) => {
      await limit(4);
      await expect(run()).rejects.toThrow('disk is full');
      await limit(1_000_000);
      await run();
      const { rows } = await sql`select text from notes`.execute(database.kysely);
      expect(rows).toHaveLength(1);
    },
  );
});
