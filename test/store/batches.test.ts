import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/engines/database.ts';
import { createLookup } from '../../server/store/engines/lookup.ts';
import { engines, openTestDatabase } from '../support/store/engines.ts';

describe.each(engines)('statements for many rows on %s', (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(() => database.kysely.deleteFrom('app_state').execute());
  afterAll(() => database.close());

  const prepareInsert = () =>
    database.prepareBatch<'name' | 'value'>({
      name: 'test-insert',
      given: { name: 'text', value: 'text' },
      text: 'insert into app_state (name, value) select name, value from given',
    });
  const read = () => database.kysely.selectFrom('app_state').selectAll().orderBy('name').execute();

  it('store all rows or none', async () => {
    const insert = prepareInsert();
    await insert([
      { name: '1', value: 'one' },
      { name: '2', value: 'two' },
    ]);
    await expect(insert([{ name: '3', value: 'three' }, { name: '4' }])).rejects.toThrow(/null/i);
    expect((await read()).map(({ name }) => name)).toEqual(['1', '2']);
  });

  it.each([1, 2, 31, 33, 100])('take %i rows, in order, each as it is', async (count) => {
    const rows = Array.from({ length: count }, (_, n) => ({
      name: `${n}`.padStart(3, '0'),
      value: `value ${n}`,
    }));
    const insert = database.prepareBatch<'name' | 'value', { name: string; value: string }>({
      given: { name: 'text', value: 'text' },
      text: 'insert into app_state (name, value) select name, value from given returning name, value',
    });
    expect(await insert(rows)).toEqual(rows);
    expect(await read()).toEqual(rows);
  });

  it('belong to the transaction they are given, and go with it', async () => {
    const insert = prepareInsert();
    const failed = database.kysely.transaction().execute(async (transaction) => {
      await insert([{ name: '1', value: 'one' }], transaction);
      throw new Error('No.');
    });
    await expect(failed).rejects.toThrow('No.');
    expect(await read()).toEqual([]);
  });

  it('take any text: half a character becomes one that stands for it, what only looks like one stays', async () => {
    const insert = prepareInsert();
    await insert([
      { name: '1', value: 'half \ud83d' },
      { name: '2', value: String.raw`{"spelled":"\ud83d"} 😀 ' "` },
    ]);
    expect((await read()).map(({ value }) => value)).toEqual([
      'half \ufffd',
      String.raw`{"spelled":"\ud83d"} 😀 ' "`,
    ]);
  });

  it('look up with one statement what is asked for in one moment', async () => {
    await prepareInsert()([
      { name: '1', value: 'one' },
      { name: '2', value: 'two' },
    ]);
    let statements = 0;
    const counting = {
      prepareBatch: ((batch) => {
        const run = database.prepareBatch(batch);
        return (...given: Parameters<typeof run>) => {
          statements += 1;
          return run(...given);
        };
      }) as Database['prepareBatch'],
    };
    const find = createLookup<'name', { name: string; value: string }>(
      counting,
      { name: 'text' },
      'select app_state.* from given join app_state on app_state.name = given.name',
    );
    const found = await Promise.all(['2', 'none', '1', '2'].map((name) => find({ name })));
    expect(found.map((row) => row?.value)).toEqual(['two', undefined, 'one', 'two']);
    expect(statements).toBe(1);
    await database.kysely.updateTable('app_state').set({ value: 'new' }).execute();
    expect(await find({ name: '1' })).toEqual({ name: '1', value: 'new' });
    expect(statements).toBe(2);
  });
});
