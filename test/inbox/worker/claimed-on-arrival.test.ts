import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import { createWorker, type HandleEvent } from '../../../server/inbox/worker.ts';
import { createObserve } from '../../../server/observe.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import type { NewEvent, StoredEvent } from '../../../server/store/schema.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { createGate } from '../../support/gate.ts';
import { waitUntil } from '../../support/wait-until.ts';

const LEASE_MS = 15_000;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const done = (event: StoredEvent) => ({ event, state: 'done' as const, note: null });

describe.each(engines)('an event that arrives on %s', (engine) => {
  const installationId = randomUUID();
  let database: Database;
  let store: EventStore;
  /** How often somebody looked for work. */
  let looks = 0;
  const workers: ReturnType<typeof createWorker>[] = [];

  beforeEach(async () => {
    database = await openTestDatabase(engine);
    const events = createEventStore({ database, observe: createObserve(), now: Date.now });
    looks = 0;
    store = {
      ...events,
      claim(options) {
        looks += 1;
        return events.claim(options);
      },
    };
    await createInstallationStore({ database, now: Date.now }).create(installationId, 'Acme');
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop(0)));
    await database.close();
  });

  /** One that looks by itself only every ten minutes. */
  async function startWorker(handle: HandleEvent, parallel = 64) {
    const worker = createWorker({
      events: store,
      handle,
      owner: randomUUID(),
      settings: { pollMs: 600_000, parallel },
      observe: createObserve(),
      log: silent,
    });
    workers.push(worker);
    worker.start();
    await waitUntil('it has looked', () => looks > 0);
    looks = 0;
    return worker;
  }

  const message = (eventId: string, conversation = eventId): NewEvent => ({
    installation_id: installationId,
    event_id: eventId,
    type: 'conversation:message',
    conversation_key: `${installationId}/${conversation}`,
    payload: '{"said":true}',
    state: 'waiting',
    note: null,
  });
  const lease = (owner: string) => ({ owner, leaseMs: LEASE_MS, admit: () => true });
  const read = () => database.kysely.selectFrom('events').selectAll().orderBy('seq').execute();
  const statesAre = (...states: string[]) =>
    waitUntil(`they are ${states.join()}`, async () => {
      const rows = await read();
      return rows.map(({ state }) => state).join() === states.join();
    });

  it('in an idle conversation is claimed as it is stored, and nobody looks for it', async () => {
    const handled: StoredEvent[] = [];
    const worker = await startWorker(async (event) => (handled.push(event), done(event)));
    await worker.insert([message('1'), message('2')]);
    await statesAre('done', 'done');
    expect(looks).toBe(0);
    const [row] = await read();
    expect(handled[0]).toMatchObject({ seq: row?.seq, attempts: 1, payload: '{"said":true}' });
    expect(row).toMatchObject({ attempts: 1, lease_owner: null, lease_until: null });
  });

  it('behind another of its conversation is claimed in the transaction that settles that one', async () => {
    const gate = createGate();
    const handled: string[] = [];
    const worker = await startWorker(async (event) => {
      handled.push(event.event_id);
      if (handled.length === 1) await gate.pass();
      return done(event);
    });
    await worker.insert([message('1', 'a'), message('2', 'a')]);
    await gate.entered;
    await worker.insert([message('3', 'a')]);
    worker.look([`${installationId}/a`]);
    expect((await read()).map(({ state }) => state)).toEqual(['working', 'waiting', 'waiting']);
    gate.open();
    await statesAre('done', 'done', 'done');
    expect(handled).toEqual(['1', '2', '3']);
    expect(looks).toBe(0);
  });

  it('is claimed once, however often it arrives', async () => {
    const handled: string[] = [];
    const worker = await startWorker(async (event) => (handled.push(event.event_id), done(event)));
    await worker.insert([message('1'), message('1')]);
    await worker.insert([message('1')]);
    await statesAre('done');
    await worker.stop(1_000);
    expect(handled).toEqual(['1']);
  });

  it('waits where its conversation has something unsettled, also of another instance', async () => {
    await store.insert([message('1', 'a')]);
    expect(await store.insert([message('2', 'a')], lease('us'))).toEqual([]);
    const [first] = await store.claim({ owner: 'others', leaseMs: LEASE_MS, limit: 10 });
    expect(first).toMatchObject({ event_id: '1' });
    expect(await store.insert([message('3', 'a')], lease('us'))).toEqual([]);
  });

  it('waits for a place, and gets it when one is free', async () => {
    const gate = createGate();
    const handled: string[] = [];
    const worker = await startWorker(async (event) => {
      handled.push(event.event_id);
      await gate.pass();
      return done(event);
    }, 2);
    await worker.insert([message('1'), message('2'), message('3')]);
    await gate.entered;
    expect((await read()).filter(({ state }) => state === 'waiting').length).toBeGreaterThan(0);
    gate.open();
    await statesAre('done', 'done', 'done');
    expect(handled.toSorted()).toEqual(['1', '2', '3']);
  });

  it('at two instances in the same moment is handled at one of them at a time', async () => {
    const running = new Set<string>();
    const handled: string[] = [];
    const handle: HandleEvent = async (event) => {
      if (running.has(event.conversation_key)) throw new Error('Two at a time');
      running.add(event.conversation_key);
      await new Promise(setImmediate);
      running.delete(event.conversation_key);
      handled.push(event.event_id);
      return done(event);
    };
    const [one, other] = [await startWorker(handle), await startWorker(handle)];
    for (let n = 0; n < 20; n++) {
      // Whoever comes second may find its batch refused; then it is stored one by one.
      await Promise.allSettled([
        one.insert([message(`${n}-one`, `${n}`)]),
        other.insert([message(`${n}-other`, `${n}`)]),
      ]);
      await one.insert([message(`${n}-one`, `${n}`)]);
      await other.insert([message(`${n}-other`, `${n}`)]);
    }
    await waitUntil('all are done', async () => {
      one.look();
      other.look();
      const rows = await read();
      return rows.length === 40 && rows.every(({ state }) => state === 'done');
    });
    expect(new Set(handled).size).toBe(40);
    expect(handled).toHaveLength(40);
  });

  it('and was claimed by a process that died is taken over by another after the lease', async () => {
    const [event] = await store.insert([message('1')], { ...lease('dead'), leaseMs: 50 });
    expect(event).toMatchObject({ state: 'working', lease_owner: 'dead' });
    const worker = await startWorker(async (taken) => done(taken));
    await waitUntil('the lease has run out', async () => {
      await store.releaseLeases();
      worker.look();
      const [row] = await read();
      return row?.state === 'done' && row.attempts === 2;
    });
  });

  it('is refused with its whole batch, claimed or not, when one row cannot be stored', async () => {
    const gone = { ...message('2'), installation_id: randomUUID() };
    await expect(store.insert([message('1'), gone], lease('us'))).rejects.toThrow(/not.null/i);
    expect(await read()).toEqual([]);
  });
});
