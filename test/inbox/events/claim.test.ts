import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headsOf, take } from '../../../server/inbox/claim.ts';
import { createInsertEvents } from '../../../server/inbox/receive/insert-events.ts';
import type { EventState } from '../../../server/store/schema.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { engines, openTestDatabase, postgresIsAvailable } from '../../support/store/engines.ts';
import { newEventRow } from '../../support/store/insert-event.ts';

const WAITING = 300;
const KEYS = ['a1/one', 'a1/two', 'a1/nobody', 'a1/three'];

describe.each(engines)('the oldest unsettled event of each conversation on %s', (engine) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  beforeAll(async () => {
    database = await openTestDatabase(engine, { isNew: true });
    await createInstallationStore({ database, now: Date.now }).create('a1', 'Acme');
    for (const key of ['a1/one', 'a1/two', 'a1/three']) {
      await insert(key, 1, 'done');
      await insert(key, 1, 'working');
      await insert(key, WAITING, 'waiting');
    }
  });
  afterAll(() => database.close());

  const insert = (lane: string, count: number, state: EventState) =>
    insertEvents(database, lane, count, state);

  it('is found, however many keys are asked for', async () => {
    const unknown = Array.from({ length: 2_000 }, (_, n) => `a1/unknown-${n}`);
    const { rows } = await sql<{ event_id: string }>`
      select event_id from events where seq in (${headsOf([...KEYS, ...unknown])}) order by seq
    `.execute(database.kysely);
    expect(rows.map((row) => row.event_id)).toEqual([
      'a1/one-working-0',
      'a1/two-working-0',
      'a1/three-working-0',
    ]);
  });

  it.runIf(engine === 'postgres')('is all that is read of it, however many wait', async () => {
    await sql`analyze events`.execute(database.kysely);
    const { rows } = await sql<object>`
      explain (analyze, format json) ${headsOf(KEYS)}`.execute(database.kysely);
    const counts = JSON.stringify(rows).matchAll(/"Actual Rows":\s*(\d+)/g);
    expect(Math.max(...[...counts].map(([, count]) => Number(count)))).toBeLessThanOrEqual(4);
  });
});

describe.runIf(postgresIsAvailable)('PostgreSQL, which expects nothing to wait,', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  beforeAll(async () => {
    database = await openTestDatabase('postgres', { isNew: true });
    await createInstallationStore({ database, now: Date.now }).create('a1', 'Acme');
    await insertEvents(database, 'a1/done', 2_000, 'done');
    await sql`analyze events`.execute(database.kysely);
    for (const key of KEYS) await insertEvents(database, key, WAITING, 'waiting');
  });
  afterAll(() => database.close());

  it('takes the first of each conversation without reading what waits behind it', async () => {
    const deps = { database, mayBegin: sql<boolean>`true`, now: Date.now };
    await database.kysely.transaction().execute(async (transaction) => {
      const lease = { owner: 'me', leaseMs: 1_000 };
      const taken = await take(deps, transaction, headsOf(KEYS), lease);
      expect(taken).toHaveLength(KEYS.length);
      const { rows } = await sql<{ read: number }>`
        select sum(pg_stat_get_xact_tuples_returned(indexrelid))::int as read
        from pg_index where indrelid = 'events'::regclass`.execute(transaction);
      expect(rows[0]?.read).toBeLessThan(WAITING);
    });
  });
});

async function insertEvents(
  database: Awaited<ReturnType<typeof openTestDatabase>>,
  lane: string,
  count: number,
  state: EventState,
): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) =>
    newEventRow({
      installation_id: 'a1',
      event_id: `${lane}-${state}-${n}`,
      conversation_key: lane,
      payload: null,
      state,
    }),
  );
  await createInsertEvents(database)(rows);
}
