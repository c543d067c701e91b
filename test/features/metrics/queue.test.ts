import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registerQueueMetrics } from '../../../server/features/metrics/state.ts';
import {
  COUNTED_AT_MOST,
  countFailed,
  countUnsettled,
  findOldest,
} from '../../../server/features/metrics/queue.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import type { EventState } from '../../../server/store/schema.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';

const NOW = Date.UTC(2026, 0, 1);

describe.each(engines)('the metrics of the queue on %s', (engine) => {
  let database: Database;
  let installationId = '';

  beforeAll(async () => {
    database = await openTestDatabase(engine, { isNew: true });
  });
  beforeEach(async () => {
    await database.kysely.deleteFrom('events').execute();
    await database.kysely.deleteFrom('installations').execute();
    installationId = randomUUID();
    const installations = createInstallationStore({ database, now: Date.now });
    await installations.create(installationId, 'Acme');
  });
  afterAll(() => database.close());

  function insert(state: EventState, conversation: string, receivedAt: number) {
    return insertEvent(database, {
      installation_id: installationId,
      conversation_key: `${installationId}/${conversation}`,
      state,
      received_at: receivedAt,
    });
  }

  async function read() {
    const registry = new Registry();
    registerQueueMetrics(registry, { database, now: () => NOW });
    const lines = (await registry.metrics()).split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('#'));
  }

  it('are all 0 when nothing waits', async () => {
    await insert('done', 'a', NOW - 60_000);

    expect(await read()).toEqual([
      'shopkeeper_events{state="waiting"} 0',
      'shopkeeper_events{state="working"} 0',
      'shopkeeper_events{state="failed"} 0',
      'shopkeeper_oldest_event_age_seconds 0',
    ]);
  });

  it('count what is not settled and know the age of the oldest of it', async () => {
    await insert('failed', 'a', NOW - 90_000);
    await insert('working', 'z', NOW - 30_000);
    await insert('waiting', 'a', NOW - 20_000);
    await insert('waiting', 'a', NOW - 10_000);

    expect(await read()).toEqual([
      'shopkeeper_events{state="waiting"} 2',
      'shopkeeper_events{state="working"} 1',
      'shopkeeper_events{state="failed"} 1',
      'shopkeeper_oldest_event_age_seconds 30',
    ]);
  });

  it('stop counting when there are very many', async () => {
    await sql`
      with recursive number(n) as (
        select 0 union all select n + 1 from number where n < ${sql.lit(COUNTED_AT_MOST)}
      )
      insert into events (installation_id, event_id, type, conversation_key, state,
        attempts, attempts_allowed, run_at, received_at)
      select ${installationId}, 'e' || cast(n as text), 'conversation:message', 'k' || cast(n as text),
        'waiting', 0, 8, 0, 0 from number`.execute(database.kysely);

    expect(await read()).toContain(`shopkeeper_events{state="waiting"} ${COUNTED_AT_MOST}`);
  });

  it('are left out when the database does not answer', async () => {
    const gone = await openTestDatabase(engine);
    // Kysely ends only what was used once.
    await gone.ping();
    await gone.kysely.destroy();
    const registry = new Registry();
    registerQueueMetrics(registry, { database: gone, now: () => NOW });

    expect(await registry.metrics()).not.toMatch(/^shopkeeper/m);
  });

  it.each([
    ['events_unsettled', countUnsettled],
    ['events_unsettled', findOldest],
    ['events_failed', countFailed],
  ])('are read through %s', async (index, query) => {
    const plan = await database.kysely.connection().execute(async (connection) => {
      if (engine === 'sqlite') return sql`explain query plan ${query}`.execute(connection);
      // The planner prefers reading a table this small as a whole.
      await sql`set enable_seqscan = off`.execute(connection);
      return sql`explain ${query}`.execute(connection);
    });

    expect(JSON.stringify(plan.rows)).toMatch(new RegExp(`\\b${index}\\b`));
    expect(JSON.stringify(plan.rows)).not.toMatch(/SCAN events"|Seq Scan/);
  });
});
