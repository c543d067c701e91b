import { statSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type CompiledQuery, type Kysely, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInsertEvents } from '../../../server/inbox/receive/insert-events.ts';
import type { EventState, Schema } from '../../../server/store/schema.ts';
import { SLICE } from '../../../server/store/slices.ts';
import { pageSeqsOf, seqsOf } from '../../../server/features/shared/account-events.ts';
import { deleteEventsOf } from '../../../server/store/tables/account-events.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { newEventRow } from '../../support/store/insert-event.ts';

/** The second begins like the first. */
const ACCOUNTS = ['a1', 'a10', 'b1'];
const STATES: EventState[] = ['waiting', 'working', 'done', 'ignored', 'failed'];

describe.each(engines)('the events of an account on %s', (engine) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  beforeAll(async () => {
    database = await openTestDatabase(engine, { isNew: true });
    for (const id of ACCOUNTS) await install(id);
  });
  beforeEach(async () => {
    await database.kysely.deleteFrom('events').execute();
  });
  afterAll(() => database.close());

  const install = (id: string) =>
    createInstallationStore({ database, now: Date.now }).create(id, 'Acme');

  async function insert(
    id: string,
    lane: string,
    count = 1,
    state: EventState = 'waiting',
    transaction?: Kysely<Schema>,
  ) {
    const rows = Array.from({ length: count }, () =>
      newEventRow({
        installation_id: id,
        event_id: nextId(),
        conversation_key: `${id}${lane}`,
        payload: 'x'.repeat(200),
        state,
      }),
    );
    await createInsertEvents(database)(rows, transaction);
  }

  async function read(query: RawBuilder<{ seq: number }>): Promise<number[]> {
    const { rows } = await query.execute(database.kysely);
    return rows.map(({ seq }) => seq).toSorted((a, b) => a - b);
  }

  it('are all found, in conversations or not, in any state, and none of another', async () => {
    for (const id of ACCOUNTS)
      for (const state of STATES)
        for (const lane of ['/', '#']) await insert(id, lane + state, 1, state);

    for (const id of ACCOUNTS) {
      const own = sql<{ seq: number }>`select seq from events where installation_id = ${id}`;
      expect(await read(seqsOf(id))).toEqual(await read(own));
      expect(await read(own)).toHaveLength(10);
    }
    await deleteEventsOf(database.kysely, 'a1');
    expect(await read(seqsOf('a1'))).toEqual([]);
    expect(await read(seqsOf('a10'))).toHaveLength(10);
  });

  it('are found by indexes', async () => {
    const explain = engine === 'sqlite' ? sql`explain query plan` : sql`explain`;
    const plan = await database.kysely.connection().execute(async (connection) => {
      // The planner prefers reading a table this small as a whole.
      if (engine === 'postgres') await sql`set enable_seqscan = off`.execute(connection);
      return await sql`${explain} ${seqsOf('a1')}`.execute(connection);
    });
    expect(JSON.stringify(plan.rows)).toMatch(/events_unsettled.*events_settled/);
  });

  it('are read a page at a time, also what is settled meanwhile', async () => {
    await insert('a1', '/one', SLICE + 1);
    await insert('a1', '/two', SLICE + 1, 'done');
    await insert('a10', '/one', 1);
    const seen = new Set<number>();
    const sizes: number[] = [];
    for await (const seqs of pageSeqsOf(database.kysely, 'a1')) {
      if (sizes.push(seqs.length) === 1)
        await sql`update events set state = 'done' where conversation_key = 'a1/one'`.execute(
          database.kysely,
        );
      for (const seq of seqs) seen.add(seq);
    }
    expect([...seen].toSorted((a, b) => a - b)).toEqual(await read(seqsOf('a1')));
    expect(Math.max(...sizes)).toBe(SLICE);
  });

  it('are read a page at a time, also one that had failed and is begun again meanwhile', async () => {
    await insert('a1', '/done', SLICE, 'done');
    await insert('a1', '/failed', 1, 'failed');
    const seen = new Set<number>();
    for await (const seqs of pageSeqsOf(database.kysely, 'a1')) {
      if (seen.size === 0)
        await sql`update events set state = 'waiting' where state = 'failed'`.execute(
          database.kysely,
        );
      for (const seq of seqs) seen.add(seq);
    }
    expect([...seen].toSorted((a, b) => a - b)).toEqual(await read(seqsOf('a1')));
  });

  it.runIf(engine === 'sqlite')(
    'are read from where a page ended, however many of the conversation are before it',
    async () => {
      await insert('a1', '/long', SLICE + 1, 'done');
      const { kysely } = database;
      const asked: CompiledQuery[] = [];
      const watched = kysely.withPlugin({
        transformQuery({ node, queryId }) {
          asked.push(kysely.getExecutor().compileQuery(node, queryId));
          return node;
        },
        transformResult: async ({ result }) => result,
      });
      for await (const seqs of pageSeqsOf(watched, 'a1')) expect(seqs).not.toEqual([]);
      const plans = await Promise.all(
        asked.map(async (query) => {
          const explain = { ...query, sql: `explain query plan ${query.sql}` };
          return JSON.stringify((await kysely.executeQuery(explain)).rows);
        }),
      );
      // Looked for in the same conversation after each of two pages.
      const within = plans.filter((plan) => plan.includes('conversation_key=? AND seq>?'));
      expect(within.length).toBeGreaterThan(2);
    },
  );

  it.runIf(engine === 'sqlite')(
    'cost as many pages to store as those of forty accounts',
    async () => {
      const { kysely, dataDir } = database;
      const accounts = Array.from({ length: 40 }, (_, n) => `${n}`.padStart(32, 'account'));
      for (const id of accounts) await install(id);
      async function measure(perAccount: number): Promise<number> {
        await sql`update events set state = 'done'`.execute(kysely);
        await database.forgetDeleted();
        const log = join(dataDir, 'shopkeeper.db-wal');
        const { size: before } = statSync(log);
        const chosen = perAccount === 1 ? accounts : accounts.slice(0, 1);
        await kysely.transaction().execute(async (transaction) => {
          for (const id of chosen)
            await insert(id, `/${nextId()}`, perAccount, 'waiting', transaction);
        });
        return statSync(log).size - before;
      }
      // So many that an index has far more pages than are written here.
      for (const id of accounts) await insert(id, '/before', 100, 'done');
      const [one, forty] = [await measure(40), await measure(1)];
      expect(forty / one).toBeLessThan(1.2);
    },
  );
});

let count = 0;
/** Begins with the time, as most ids do. */
const nextId = () => `id-${(count++).toString().padStart(8, '0')}`;
