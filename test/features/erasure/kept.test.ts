import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetOldMerges } from '../../../server/features/erasure/customers.ts';
import { deleteOldRemovals } from '../../../server/features/erasure/removals.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { SLICE } from '../../../server/store/slices.ts';
import { createClock } from '../../support/clock.ts';
import { countTurns } from '../../support/count-turns.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

const MONTH_MS = 30 * 24 * 60 * 60_000;

describe.each(engines)('on %s', (engine) => {
  const clock = createClock();
  let database: Database;
  const id = randomUUID();
  beforeEach(async () => {
    database = await openTestDatabase(engine);
    await createInstallationStore({ database, now: clock.now }).create(id, 'Acme');
  });
  afterEach(() => database.close());

  const tables = {
    merges: (one: string, at: number) => ({
      installation_id: id,
      kind: 'user' as const,
      discarded_id: one,
      surviving_id: 'b',
      at,
    }),
    removals: (one: string, at: number) => ({ hash: one, at }),
  };
  const deletions = [
    ['merges', () => forgetOldMerges({ database, now: clock.now, parts: [] }), 5],
    ['removals', () => deleteOldRemovals({ database, now: clock.now }), 4 * SLICE + 1],
  ] as const;

  async function fill(table: keyof typeof tables, count: number, at: number): Promise<void> {
    const rows = Array.from({ length: count }, () => tables[table](randomUUID(), at));
    for (let start = 0; start < count; start += 100)
      await database.kysely
        .insertInto(table)
        .values(rows.slice(start, start + 100))
        .execute();
  }
  const count = async (table: keyof typeof tables) =>
    (await database.kysely.selectFrom(table).selectAll().execute()).length;

  it.each(deletions)('%s are kept for 30 days', async (table, deleteOld) => {
    await fill(table, 1, clock.now());
    clock.advance(MONTH_MS);
    await deleteOld();
    expect(await count(table)).toBe(1);
    clock.advance(1);
    await deleteOld();
    expect(await count(table)).toBe(0);
  });

  it.each(deletions)(
    'others have their turn while old rows of %s are deleted',
    async (table, deleteOld, many) => {
      await fill(table, many, 1);
      expect(await countTurns(deleteOld)).toBeGreaterThan(3);
      expect(await count(table)).toBe(0);
    },
  );
});
