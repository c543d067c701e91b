import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runAllAgain } from '../../../server/features/events/run-again.ts';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent, newEventRow } from '../../support/store/insert-event.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createObserve } from '../../../server/observe.ts';
import { createInsertEvents } from '../../../server/inbox/receive/insert-events.ts';

const NOW = Date.UTC(2026, 0, 1);

describe.each(engines)('replaying all that failed, on %s,', (engine) => {
  let database: Database;
  let events: EventStore;
  let id: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    events = createEventStore({ database, observe: createObserve(), now: () => NOW });
  });
  beforeEach(async () => {
    id = await createInstallation();
  });
  afterAll(() => database.close());

  it('gives each another round of attempts and says how many there were', async () => {
    await insert({ state: 'failed', attempts: 8, settled_at: 1 });
    await insert({ state: 'failed', attempts: 1, settled_at: 1 });

    expect(await runAllAgain({ database, now: () => NOW }, id)).toBe(2);

    const fresh = { state: 'waiting', run_at: NOW, settled_at: null };
    expect(await read()).toEqual([
      expect.objectContaining({ ...fresh, attempts: 8, attempts_allowed: 16 }),
      expect.objectContaining({ ...fresh, attempts: 1, attempts_allowed: 9 }),
    ]);
    expect(await runAllAgain({ database, now: () => NOW }, id)).toBe(0);
  });

  it('leaves alone what has not failed, what has no payload, and other installations', async () => {
    for (const state of ['waiting', 'done', 'ignored'] as const) await insert({ state });
    await insert({ state: 'failed', payload: null });
    const elsewhere = await createInstallation();
    const stranger = await insertEvent(database, { installation_id: elsewhere, state: 'failed' });
    const before = await read();

    expect(await runAllAgain({ database, now: () => NOW }, id)).toBe(0);

    expect(await read()).toEqual(before);
    const [untouched] = await read(elsewhere);
    expect(untouched).toEqual(stranger);
  });

  it('keeps the order within a conversation', async () => {
    const inOrder = [];
    for (let count = 0; count < 3; count += 1) inOrder.push(await insert({ state: 'failed' }));

    await runAllAgain({ database, now: () => NOW }, id);

    const claim = { owner: 'test', leaseMs: 1_000, limit: 10 };
    for (const { seq, conversation_key: key } of inOrder) {
      const [event, ...others] = await events.claim({ ...claim, conversationKeys: [key] });
      expect(event?.seq).toBe(seq);
      expect(others).toEqual([]);
      if (event === undefined) return;
      await events.settle([{ event, state: 'done', note: null }]);
    }
  });

  it('replays them all, however many there are', async () => {
    const rows = Array.from({ length: 1_200 }, () =>
      newEventRow({
        installation_id: id,
        event_id: randomUUID(),
        conversation_key: `${id}/${randomUUID()}`,
        state: 'failed' as const,
        settled_at: 0,
      }),
    );
    await createInsertEvents(database)(rows);

    expect(await runAllAgain({ database, now: () => NOW }, id)).toBe(1_200);
  });

  it.runIf(engine === 'postgres')(
    'leaves alone what somebody else replayed and handled in the same moment',
    async () => {
      const { seq } = await insert({ state: 'failed' });
      const { replaying } = await database.kysely.transaction().execute(async (other) => {
        await other.updateTable('events').set({ state: 'done' }).where('seq', '=', seq).execute();
        const waiting = runAllAgain({ database, now: () => NOW }, id);
        await waitUntil('it waits for the row', async () => {
          const { rows } = await sql`
            select 1 from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`.execute(
            database.kysely,
          );
          return rows.length > 0;
        });
        return { replaying: waiting };
      });

      expect(await replaying).toBe(0);
      expect((await read()).map(({ state }) => state)).toEqual(['done']);
    },
  );

  async function createInstallation(): Promise<string> {
    const installationId = randomUUID();
    await createInstallationStore({ database, now: Date.now }).create(installationId, 'Acme');
    return installationId;
  }

  const insert = (changes: Partial<StoredEvent>) =>
    insertEvent(database, {
      installation_id: id,
      conversation_key: `${id}/conversation`,
      ...changes,
    });

  const read = (installationId = id) =>
    database.kysely
      .selectFrom('events')
      .selectAll()
      .where('installation_id', '=', installationId)
      .orderBy('seq')
      .execute();
});
