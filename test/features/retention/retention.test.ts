import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteOldEvents, dropOldPayloads } from '../../../server/features/retention/events.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { EventState } from '../../../server/store/schema.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent, newEventRow } from '../../support/store/insert-event.ts';

const WEEK_MS = 7 * 24 * 60 * 60_000;
const MONTH_MS = 30 * 24 * 60 * 60_000;
const NOW = Date.UTC(2026, 0, 31);

describe.each(engines)('what customers wrote, on %s,', (engine) => {
  const installationId = randomUUID();
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    await createInstallationStore({ database, now: Date.now }).create(installationId, 'Acme');
  });
  afterAll(() => database.close());

  async function isForgotten(state: EventState, settledAt: number | null): Promise<boolean> {
    const { seq } = await insertEvent(database, {
      installation_id: installationId,
      state,
      settled_at: settledAt,
      payload: '{"text":"private"}',
    });
    await dropOldPayloads(database, () => NOW);
    const row = await database.kysely
      .selectFrom('events')
      .selectAll()
      .where('seq', '=', seq)
      .executeTakeFirstOrThrow();
    expect(row.state).toBe(state);
    return row.payload === null;
  }

  it.each(['done', 'ignored'] as const)('is forgotten a week after it was %s', async (state) => {
    expect(await isForgotten(state, NOW - WEEK_MS)).toBe(false);
    expect(await isForgotten(state, NOW - WEEK_MS - 1)).toBe(true);
  });

  it('is kept for 30 days when it failed, so that somebody can replay it', async () => {
    expect(await isForgotten('failed', NOW - MONTH_MS)).toBe(false);
    expect(await isForgotten('failed', NOW - MONTH_MS - 1)).toBe(true);
  });

  it('is kept while it waits, however old it is', async () => {
    expect(await isForgotten('waiting', null)).toBe(false);
  });

  it('is forgotten in one go, however much there is', async () => {
    const rows = Array.from({ length: 1_200 }, () =>
      newEventRow({
        installation_id: installationId,
        event_id: randomUUID(),
        conversation_key: 'a',
        state: 'done' as const,
        attempts: 1,
        settled_at: 1,
      }),
    );
    await database.kysely.insertInto('events').values(rows).execute();
    let turns = 0;
    const count = () => {
      turns += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    await dropOldPayloads(database, () => NOW);
    clearImmediate(counting);
    // Others get their turn after each batch.
    expect(turns).toBeGreaterThanOrEqual(3);
    const left = database.kysely.selectFrom('events').selectAll().where('payload', 'is not', null);
    expect((await left.where('settled_at', '=', 1).execute()).length).toBe(0);
  });

  it('leaves that it arrived for 90 days, unless it still waits', async () => {
    const day = 24 * 60 * 60_000;
    const ages = { old: 91, waiting: 91, young: 89 };
    for (const [name, days] of Object.entries(ages)) {
      await insertEvent(database, {
        installation_id: installationId,
        event_id: name,
        state: name === 'waiting' ? 'waiting' : 'done',
        received_at: NOW - days * day,
      });
    }
    await deleteOldEvents(database, () => NOW);
    const left = await database.kysely.selectFrom('events').select('event_id').execute();
    const names = left.map((row) => row.event_id);
    expect(names).not.toContain('old');
    expect(names).toEqual(expect.arrayContaining(['waiting', 'young']));
  });
});
