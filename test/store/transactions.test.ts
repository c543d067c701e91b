import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../support/store/engines.ts';

describe.each(engines)('a transaction on %s', (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());

  it('is never taken for stored when it is not, by whoever passes over a statement that failed', async () => {
    const taken = database.kysely.transaction().execute(async (transaction) => {
      const insert = (value: string) =>
        transaction.insertInto('app_state').values({ name: 'once', value }).execute();
      await insert('first');
      await insert('second').catch(() => {});
    });
    const isTakenForStored = await taken.then(
      () => true,
      () => false,
    );
    const rows = await database.kysely.selectFrom('app_state').select('value').execute();
    expect(rows).toEqual(isTakenForStored ? [{ value: 'first' }] : []);
  });
});
