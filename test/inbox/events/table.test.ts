import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';

describe.each(engines)('the events table on %s', (engine) => {
  const installationId = randomUUID();
  let database: Database;

  beforeAll(async () => {
    database = await openTestDatabase(engine, { isNew: true });
    const installations = createInstallationStore({ database, now: Date.now });
    await installations.create(installationId, 'Acme');
  });
  afterAll(() => database.close());

  it('holds an event of an installation once', async () => {
    const eventId = randomUUID();
    await insertEvent(database, { installation_id: installationId, event_id: eventId });

    const second = insertEvent(database, { installation_id: installationId, event_id: eventId });

    await expect(second).rejects.toThrow(/unique/i);
  });

  it('numbers events in the order of insertion, never using a number twice', async () => {
    const first = await insertEvent(database, { installation_id: installationId });
    const second = await insertEvent(database, { installation_id: installationId });
    await database.kysely.deleteFrom('events').where('seq', '=', second.seq).execute();
    const third = await insertEvent(database, { installation_id: installationId });

    expect(second.seq).toBeGreaterThan(first.seq);
    expect(third.seq).toBeGreaterThan(second.seq);
  });

  it('gives back times and texts as they were', async () => {
    const at = Date.UTC(2100, 0, 1);
    const payload = JSON.stringify({ text: 'a\u0000b', half: '\ud83d', emoji: '🎉' });

    const stored = await insertEvent(database, {
      installation_id: installationId,
      received_at: at,
      payload,
    });

    expect(stored).toMatchObject({ received_at: at, payload, lease_until: null, note: null });
  });

  it.each([
    ['events_working', sql`select seq from events where state = 'working' and lease_until < ${1}`],
    [
      'events_unsettled',
      sql`select seq from events where conversation_key = ${'a/b'}
        and state in ('waiting', 'working') and seq < ${9}`,
    ],
    [
      'events_failed',
      sql`select seq from events where installation_id = ${'a'} and state = 'failed'
        order by seq desc limit ${5}`,
    ],
    [
      'events_with_payload',
      sql`update events set payload = null where settled_at < ${1} and payload is not null`,
    ],
  ])('is searched through %s', async (index, query) => {
    const plan = await database.kysely.connection().execute(async (connection) => {
      if (engine === 'sqlite') return sql`explain query plan ${query}`.execute(connection);
      // The planner prefers reading a table this small as a whole.
      await sql`set enable_seqscan = off`.execute(connection);
      return sql`explain ${query}`.execute(connection);
    });

    expect(JSON.stringify(plan.rows)).toMatch(new RegExp(`\\b${index}\\b`));
  });
});
