import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTimelineObserver } from '../../../server/features/timeline/observer.ts';
import { createTraceStore, type TraceStore } from '../../../server/features/timeline/traces.ts';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import { createLog } from '../../../server/log.ts';
import { createObserve, type Observe } from '../../../server/observe.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { createClock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

describe.each(engines)('the traces of settled events on %s', (engine) => {
  let database: Database;
  let observe: Observe;
  /** Stands still: nobody becomes less busy. */
  const clock = createClock(Date.now());
  let store: EventStore;
  let traces: TraceStore;
  let installationId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    observe = createObserve();
    const log = createLog('silent');
    const config = { publicUrl: 'http://localhost', keepIgnored: false, sandbox: null };
    traces = createTraceStore({ database, now: Date.now });
    observe.add(
      createTimelineObserver({ config, eventTypes: {}, log, now: clock.now, root: '' }, traces),
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
        // So that the steps of one could get into the trace of another.
        await nextTurn();
        if (event.event_id === 'refused') return { event, state: 'failed', note: 'Refused: 423.' };
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

  it('are stored of a busy account for a sample, for what failed, and for second attempts in full', async () => {
    const busy = Array.from({ length: 100 }, (_, n) => `busy-${n}`);
    await settle(await claimEvents(busy));
    expect(await stored()).toHaveLength(50);

    await settle(await claimEvents(['refused', 'answered']));
    expect((await stored()).slice(50)).toEqual([{ event_id: 'refused', kind: 'event' }]);
    const keys = async () => (await traces.list(installationId, { limit: 1 }))[0]?.steps;
    expect(await keys()).toMatchObject([
      { key: 'EventWebhooks', call: { requestHeaders: { 'X-API-Key': '⟦WEBHOOK_SECRET⟧' } } },
      { key: 'event-claimed' },
      { key: 'event-settled', values: { state: 'failed', note: 'Refused: 423.' } },
    ]);

    const again = (await claimEvents(['again'])).map((event) => ({ ...event, attempts: 2 }));
    await database.kysely
      .updateTable('events')
      .set({ attempts: 2 })
      .where('event_id', '=', 'again')
      .execute();
    await settle(again);
    expect(await keys()).toMatchObject([
      { key: 'EventWebhooks' },
      { key: 'event-claimed', values: { attempt: 2 } },
      { key: 'message-handled' },
      { key: 'event-settled' },
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
