import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorker, type HandleEvent } from '../../../server/inbox/worker.ts';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { createGate } from '../../support/gate.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createObserve } from '../../../server/observe.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** A look that is under way as a worker stops could find what came a moment later. */
const NO_POLLING = { pollMs: 60_000 };
const done = (event: StoredEvent) => ({ event, state: 'done' as const, note: null });

describe.each(engines)('the worker on %s', (engine) => {
  const installationId = randomUUID();
  let database: Database;
  let store: EventStore;
  const workers: ReturnType<typeof createWorker>[] = [];

  beforeEach(async () => {
    database = await openTestDatabase(engine);
    store = createEventStore({ database, observe: createObserve(), now: Date.now });
    await createInstallationStore({ database, now: Date.now }).create(installationId, 'Acme');
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop(0)));
    await database.close();
  });

  function startWorker(
    handle: HandleEvent,
    settings: { parallel?: number; leaseMs?: number; pollMs?: number } = {},
    events: EventStore = store,
  ) {
    const worker = createWorker({
      events,
      handle,
      owner: randomUUID(),
      settings: { pollMs: 20, ...settings },
      observe: createObserve(),
      log: silent,
    });
    workers.push(worker);
    worker.start();
    return worker;
  }

  const insert = (eventId: string, conversation = eventId) =>
    insertEvent(database, {
      installation_id: installationId,
      event_id: eventId,
      conversation_key: `${installationId}/${conversation}`,
    });
  const statesAre = (state: string) => async () => {
    const rows = await database.kysely.selectFrom('events').select('state').execute();
    return rows.every((row) => row.state === state);
  };

  it('handles the events of a conversation one at a time and in order, those of others beside it', async () => {
    for (let n = 0; n < 30; n++) await insert(`${n}`, `${n % 3}`);
    const handled: string[] = [];
    const running = new Set<string>();
    let most = 0;
    startWorker(async (event) => {
      if (running.has(event.conversation_key)) throw new Error('Two at a time');
      running.add(event.conversation_key);
      most = Math.max(most, running.size);
      await new Promise(setImmediate);
      handled.push(event.event_id);
      running.delete(event.conversation_key);
      return done(event);
    });
    await waitUntil('all are done', statesAre('done'));
    for (const conversation of [0, 1, 2]) {
      const its = handled.map(Number).filter((n) => n % 3 === conversation);
      expect(its).toEqual(its.toSorted((left, right) => left - right));
    }
    expect(handled).toHaveLength(30);
    expect(most).toBeGreaterThan(1);
  });

  it('shares the work with other instances without doing any of it twice', async () => {
    for (let n = 0; n < 60; n++) await insert(`${n}`, `${n % 12}`);
    const handled: string[] = [];
    const handle: HandleEvent = async (event) => {
      handled.push(event.event_id);
      return done(event);
    };
    startWorker(handle, { parallel: 4 });
    startWorker(handle, { parallel: 4 });
    startWorker(handle, { parallel: 4 });
    await waitUntil('all are done', statesAre('done'));
    expect(handled.toSorted()).toEqual(Array.from({ length: 60 }, (_, n) => `${n}`).toSorted());
  });

  it('keeps the lease of a slow handler alive', async () => {
    const LEASE_MS = 400;
    await insert('1');
    const gate = createGate();
    let count = 0;
    const handle: HandleEvent = async (event) => {
      count += 1;
      await gate.pass();
      return done(event);
    };
    startWorker(handle, { leaseMs: LEASE_MS });
    startWorker(handle, { leaseMs: LEASE_MS });
    await gate.entered;
    const [before] = await database.kysely.selectFrom('events').selectAll().execute();
    await waitUntil('three leases would have run out', async () => {
      const [now] = await database.kysely.selectFrom('events').selectAll().execute();
      return (now?.lease_until ?? 0) > (before?.lease_until ?? 0) + 3 * LEASE_MS;
    });
    gate.open();
    await waitUntil('it is done', statesAre('done'));
    expect(count).toBe(1);
  });

  it('takes over what a dead instance left behind', async () => {
    await insert('1');
    await store.claim({ owner: 'dead', leaseMs: 50, limit: 1 });
    startWorker(async (event) => done(event));
    await waitUntil('it is done', statesAre('done'));
    expect(await database.kysely.selectFrom('events').selectAll().execute()).toMatchObject([
      { attempts: 2 },
    ]);
  });

  it('records its neighbours although one outcome cannot be recorded', async () => {
    for (let n = 0; n < 10; n++) await insert(`${n}`);
    const gate = createGate();
    let entered = 0;
    startWorker(async (event) => {
      entered += 1;
      if (entered === 10) gate.open();
      await gate.pass();
      const poison = { conversation_id: 'c', user_id: 'u', controller: null, last_event_at: NaN };
      return event.event_id === '5' ? { ...done(event), conversation: poison } : done(event);
    });
    await waitUntil('the others are done', async () => {
      const rows = await database.kysely.selectFrom('events').selectAll().execute();
      return rows.filter(({ state, attempts }) => state === 'done' && attempts === 1).length === 9;
    });
  });

  it('lets what runs finish when it stops, and takes nothing new', async () => {
    await insert('1');
    const gate = createGate();
    const handle: HandleEvent = async (event) => {
      await gate.pass();
      return done(event);
    };
    const worker = startWorker(handle, NO_POLLING);
    await gate.entered;
    const stopped = worker.stop(5_000);
    await insert('2');
    worker.look();
    gate.open();
    await stopped;
    const rows = await database.kysely.selectFrom('events').selectAll().orderBy('seq').execute();
    expect(rows).toMatchObject([{ state: 'done' }, { state: 'waiting', attempts: 0 }]);
  });

  it('finishes what it was just claiming when it stops', async () => {
    await insert('1');
    const gate = createGate();
    const claim: EventStore['claim'] = async (options) => {
      const claimed = await store.claim(options);
      await gate.pass();
      return claimed;
    };
    const worker = startWorker(async (event) => done(event), {}, { ...store, claim });
    await gate.entered;
    const stopped = worker.stop(5_000);
    gate.open();
    await stopped;
    expect(await statesAre('done')()).toBe(true);
  });

  it('cancels what does not finish in time when it stops', async () => {
    await insert('1');
    const gate = createGate();
    const worker = startWorker(async (event, signal) => {
      void gate.pass();
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve, { once: true });
      });
      return { event, state: 'waiting', note: 'Interrupted.', runAt: 0 };
    });
    await gate.entered;
    await worker.stop(30);
    const rows = await database.kysely.selectFrom('events').selectAll().execute();
    expect(rows).toMatchObject([{ state: 'waiting', note: 'Interrupted.' }]);
  });
});
