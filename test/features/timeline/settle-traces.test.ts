import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEventStore, type EventStore } from '../../../server/inbox/event-store.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { createTraceStore } from '../../../server/features/timeline/store/traces.ts';
import { engines, openTestDatabase } from '../../support/engines.ts';

describe.each(engines)('the traces of settled events on %s', (engine) => {
  let database: Database;
  let store: EventStore;
  let installationId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    store = createEventStore({ database, now: Date.now });
  });
  beforeEach(async () => {
    installationId = randomUUID();
    const installations = createInstallationStore({ database, now: Date.now });
    await installations.create(installationId, 'Acme');
  });
  afterAll(() => database.close());

  async function claimEvents(ids: string[]): Promise<StoredEvent[]> {
    await store.insert(
      ids.map((id) => ({
        installation_id: installationId,
        event_id: id,
        type: 'conversation:message',
        conversation_key: `${installationId}/${id}`,
        payload: '{}',
        state: 'waiting',
        note: null,
      })),
    );
    return store.claim({ owner: 'us', leaseMs: 15_000, limit: 100 });
  }
  const settle = (events: StoredEvent[]) =>
    store.settle(
      events.map((event) => ({
        event,
        state: 'done',
        note: null,
        ...(event.event_id === 'quiet' ? {} : { trace: { title: event.event_id, steps: [] } }),
      })),
    );
  const titles = async () => {
    const traces = createTraceStore({ database, now: Date.now });
    const found = await traces.list(installationId, { limit: 100 });
    return found.map(({ title }) => title);
  };

  it('are stored with what they explain, for those that have one', async () => {
    await settle(await claimEvents(['first', 'quiet', 'second']));
    expect(await titles()).toEqual(['second', 'first']);
    const stored = await database.kysely
      .selectFrom('traces')
      .select(['event_id', 'kind'])
      .where('installation_id', '=', installationId)
      .orderBy('id')
      .execute();
    expect(stored).toEqual([
      { event_id: 'first', kind: 'event' },
      { event_id: 'second', kind: 'event' },
    ]);
  });

  it('are not stored for an attempt whose lease was lost', async () => {
    const events = await claimEvents(['lost', 'held']);
    await database.kysely
      .updateTable('events')
      .set({ lease_owner: 'somebody else' })
      .where('event_id', '=', 'lost')
      .where('installation_id', '=', installationId)
      .execute();
    await settle(events);
    expect(await titles()).toEqual(['held']);
  });
});
