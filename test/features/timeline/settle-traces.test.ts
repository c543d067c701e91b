import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTimelineObserver } from '../../../server/features/timeline/observer.ts';
import { createTraceStore } from '../../../server/features/timeline/traces.ts';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import { createLog } from '../../../server/log.ts';
import { createObserve, type Observe } from '../../../server/observe.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { engines, openTestDatabase } from '../../support/engines.ts';

describe.each(engines)('the traces of settled events on %s', (engine) => {
  let database: Database;
  let observe: Observe;
  let store: EventStore;
  let installationId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    observe = createObserve();
    const log = createLog({ level: 'silent', pretty: false });
    const config = { publicUrl: 'http://localhost', keepIgnored: false };
    const traces = createTraceStore({ database, now: Date.now });
    observe.add(
      createTimelineObserver({ config, log, now: Date.now, root: '', sandboxUrl: null }, traces),
    );
    store = createEventStore({ database, observe, now: Date.now });
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

  /** About the quiet one nothing is decided. */
  async function settle(events: StoredEvent[]): Promise<void> {
    const settlements = events.map((event) =>
      observe.attempt(event, async () => {
        if (event.event_id !== 'quiet') observe.step({ key: 'message-handled' });
        return { event, state: 'done', note: null };
      }),
    );
    await store.settle(await Promise.all(settlements));
  }

  const stored = () =>
    database.kysely
      .selectFrom('traces')
      .select(['event_id', 'kind'])
      .where('installation_id', '=', installationId)
      .orderBy('id')
      .execute();

  it('are stored with what they explain, for those that have one', async () => {
    await settle(await claimEvents(['first', 'quiet', 'second']));
    expect(await stored()).toEqual([
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
    expect(await stored()).toEqual([{ event_id: 'held', kind: 'event' }]);
  });
});
