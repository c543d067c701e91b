import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventStore, type EventStore } from '../../server/inbox/events.ts';
import type { Settlement } from '../../server/inbox/settle.ts';
import type { Database } from '../../server/store/engines/database.ts';
import { createInstallationStore } from '../../server/store/tables/installations.ts';
import type { NewEvent, StoredEvent } from '../../server/store/schema.ts';
import { createClock } from '../support/clock.ts';
import { engines, openTestDatabase } from '../support/engines.ts';
import { createObserve } from '../../server/observe.ts';

const LEASE_MS = 15_000;

describe.each(engines)('the event store on %s', (engine) => {
  const clock = createClock();
  let database: Database;
  let store: EventStore;
  let installationId: string;
  const recorded = vi.fn<(settlement: Settlement) => void>();

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const observe = createObserve();
    observe.add({ settle: async (_transaction, all) => all.forEach((one) => recorded(one)) });
    store = createEventStore({ database, observe, now: clock.now });
  });
  beforeEach(async () => {
    await database.kysely.deleteFrom('installations').execute();
    installationId = randomUUID();
    const installations = createInstallationStore({ database, now: clock.now });
    await installations.create(installationId, 'Acme');
  });
  afterAll(() => database.close());

  function message(eventId: string, conversation = 'a', changes: Partial<NewEvent> = {}): NewEvent {
    return {
      installation_id: installationId,
      event_id: eventId,
      type: 'conversation:message',
      conversation_key: `${installationId}/${conversation}`,
      payload: '{}',
      state: 'waiting',
      note: null,
      ...changes,
    };
  }
  const claim = (owner = 'us', limit = 100) => store.claim({ owner, leaseMs: LEASE_MS, limit });
  const idsOf = (events: StoredEvent[]) => events.map(({ event_id }) => event_id);
  const finish = (events: StoredEvent[]) =>
    store.settle(events.map((event) => ({ event, state: 'done', note: null })));
  const read = (eventId: string) =>
    database.kysely
      .selectFrom('events')
      .selectAll()
      .where('event_id', '=', eventId)
      .executeTakeFirst();

  describe('inserting', () => {
    it('stores an event once, however often it arrives and whatever became of it', async () => {
      await store.insert([message('1'), message('1')]);
      await store.insert([message('1', 'a', { payload: '{"changed":true}' })]);
      await finish(await claim());
      await store.insert([message('1')]);
      expect(await read('1')).toMatchObject({ state: 'done', payload: '{}' });
      expect(await claim()).toEqual([]);
    });

    it('stores the new ones of a batch that holds known ones', async () => {
      await store.insert([message('1')]);
      await store.insert([message('2', 'b'), message('1'), message('3', 'c')]);
      expect(idsOf(await claim())).toEqual(['1', '2', '3']);
    });

    it('keeps an event of the same id for another installation', async () => {
      const other = randomUUID();
      await createInstallationStore({ database, now: clock.now }).create(other, 'Bloom');
      await store.insert([message('1'), message('1', 'b', { installation_id: other })]);
      expect(await claim()).toHaveLength(2);
    });

    it('settles ignored ones at once', async () => {
      await store.insert([message('1', 'a', { state: 'ignored', note: 'Unknown.' })]);
      expect(await read('1')).toMatchObject({ state: 'ignored', settled_at: clock.now() });
      expect(await claim()).toEqual([]);
    });
  });

  describe('claiming', () => {
    it('takes one event per conversation, the oldest first', async () => {
      await store.insert([message('1', 'a'), message('2', 'a'), message('3', 'b')]);
      const first = await claim();
      expect(idsOf(first)).toEqual(['1', '3']);
      expect(first[0]).toMatchObject({ state: 'working', attempts: 1, lease_owner: 'us' });
      expect(await claim()).toEqual([]);
      await finish(first);
      expect(idsOf(await claim())).toEqual(['2']);
    });

    it('keeps the order of a batch of many', async () => {
      const ids = Array.from({ length: 50 }, (_, n) => `${n}`);
      await store.insert(ids.map((id) => message(id)));
      const handled: string[] = [];
      for (let events = await claim(); events.length > 0; events = await claim()) {
        handled.push(...idsOf(events));
        await finish(events);
      }
      expect(handled).toEqual(ids);
    });

    it('takes no more than asked for', async () => {
      await store.insert([message('1', 'a'), message('2', 'b'), message('3', 'c')]);
      expect(idsOf(await claim('us', 2))).toEqual(['1', '2']);
      expect(idsOf(await claim('us', 2))).toEqual(['3']);
    });

    it('at the same time never gives two claimers the same event or conversation', async () => {
      const ids = Array.from({ length: 60 }, (_, n) => `${n}`);
      await store.insert(ids.map((id, n) => message(id, `${n % 20}`)));
      const owners = ['one', 'two', 'three', 'four'];
      const claimed = (await Promise.all(owners.map((owner) => claim(owner, 10)))).flat();
      const keys = claimed.map(({ conversation_key }) => conversation_key);
      expect(new Set(idsOf(claimed)).size).toBe(claimed.length);
      expect(new Set(keys).size).toBe(keys.length);
      expect(claimed.length + (await claim('five')).length).toBe(20);
    });
  });

  it('cannot have two events of a conversation handled at once, whoever claims them', async () => {
    await store.insert([message('1', 'a'), message('2', 'a'), message('3', 'b')]);
    await claim();
    const work = (eventId: string) =>
      database.kysely
        .updateTable('events')
        .set({ state: 'working' })
        .where('event_id', '=', eventId)
        .execute();
    await expect(work('2')).rejects.toThrow(/unique/i);
    expect(await read('2')).toMatchObject({ state: 'waiting' });
  });

  describe('a lease', () => {
    it('lets nobody else have the event before it runs out', async () => {
      await store.insert([message('1')]);
      await claim('dead');
      clock.advance(LEASE_MS);
      await store.releaseLeases();
      expect(await claim('heir')).toEqual([]);
      clock.advance(1);
      await store.releaseLeases();
      expect(await claim('heir')).toMatchObject([{ attempts: 2, lease_owner: 'heir' }]);
    });

    it('goes on when it is renewed, by its owner only', async () => {
      await store.insert([message('1')]);
      const [event] = await claim('owner');
      clock.advance(LEASE_MS - 1);
      await store.renew([event?.seq ?? 0], 'somebody else', LEASE_MS);
      await store.renew([event?.seq ?? 0], 'owner', LEASE_MS);
      clock.advance(LEASE_MS - 1);
      await store.releaseLeases();
      expect(await claim('heir')).toEqual([]);
      await store.renew([event?.seq ?? 0], 'somebody else', LEASE_MS);
      clock.advance(2);
      await store.releaseLeases();
      expect(await claim('heir')).toHaveLength(1);
    });

    it('left by a dead process can be given back at once', async () => {
      await store.insert([message('1')]);
      await claim('dead');
      await store.releaseLeases({ all: true });
      expect(idsOf(await claim('heir'))).toEqual(['1']);
    });

    it('that was lost lets its holder record nothing', async () => {
      await store.insert([message('1')]);
      const late = await claim('slow');
      clock.advance(LEASE_MS + 1);
      await store.releaseLeases();
      const [event] = late;
      if (event === undefined) throw new Error('Nothing was claimed');
      const settlement = {
        event,
        state: 'failed' as const,
        note: 'Too late.',
        activity: { kind: 'late', text: 'Too late.' },
        conversation: { conversation_id: 'a', user_id: null, controller: null, last_event_at: 1 },
      };
      await store.settle([settlement]);
      expect(await read('1')).toMatchObject({ state: 'waiting', note: null });
      const again = await claim('slow');
      await store.settle([settlement]);
      expect(await read('1')).toMatchObject({ state: 'working', attempts: 2 });
      await finish(again);
      expect(await read('1')).toMatchObject({ state: 'done', note: null });
      expect(recorded).not.toHaveBeenCalledWith(expect.objectContaining({ note: 'Too late.' }));
      expect(await database.kysely.selectFrom('conversations').selectAll().execute()).toEqual([]);
    });
  });
});
