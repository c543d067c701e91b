import { beforeAll, describe, expect, it } from 'vitest';
import { createEventStore, releaseEvents, type EventStore } from '../../../server/inbox/events.ts';
import { createObserve } from '../../../server/observe.ts';
import { engines, openTestDatabase, postgresIsAvailable } from '../../support/store/engines.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { LEASE_MS, useEvents } from '../support/use-events.ts';

describe.each(engines)('a lease on %s', (engine) => {
  const events = useEvents(engine);
  const { clock, message, claim, idsOf, finish, read } = events;

  it('lets nobody else have the event before it runs out', async () => {
    await events.store.insert([message('1')]);
    await claim('dead');
    clock.advance(LEASE_MS);
    await events.store.releaseLeases();
    expect(await claim('heir')).toEqual([]);
    clock.advance(1);
    await events.store.releaseLeases();
    expect(await claim('heir')).toMatchObject([{ attempts: 2, lease_owner: 'heir' }]);
  });

  it('goes on when it is renewed, by its owner only', async () => {
    await events.store.insert([message('1')]);
    const [event] = await claim('owner');
    clock.advance(LEASE_MS - 1);
    await events.store.renew([event?.seq ?? 0], 'somebody else', LEASE_MS);
    await events.store.renew([event?.seq ?? 0], 'owner', LEASE_MS);
    clock.advance(LEASE_MS - 1);
    await events.store.releaseLeases();
    expect(await claim('heir')).toEqual([]);
    await events.store.renew([event?.seq ?? 0], 'somebody else', LEASE_MS);
    clock.advance(2);
    await events.store.releaseLeases();
    expect(await claim('heir')).toHaveLength(1);
  });

  it('left by a dead process can be given back at once', async () => {
    await events.store.insert([message('1')]);
    await claim('dead');
    await releaseEvents(events.database.kysely, clock.now());
    expect(idsOf(await claim('heir'))).toEqual(['1']);
  });

  it('left by the dead for the second time is given back at different times, and later each time', async () => {
    await events.store.insert(
      Array.from({ length: 20 }, (_, at) => message(`${at}`, `lane ${at}`)),
    );
    const die = async () => {
      const claimed = await claim('dead', 20);
      await releaseEvents(events.database.kysely, clock.now());
      return claimed.length;
    };
    /** How many are due now, and how many more within each of so many steps. */
    const comeBack = async (stepMs: number, steps: number): Promise<number[]> => {
      const counts = [await die()];
      for (let step = 0; step < steps; step++) {
        clock.advance(stepMs);
        counts.push(await die());
      }
      return counts;
    };
    expect(await die()).toBe(20);
    expect(await die()).toBe(20);
    expect(await claim('heir', 20)).toEqual([]);
    const [early, ...after] = await comeBack(250, 8);
    expect(early).toBe(0);
    expect(after.reduce((sum, count) => sum + count)).toBe(20);
    expect(after.slice(0, 3)).toEqual([0, 0, 0]);
    expect(Math.max(...after)).toBeLessThan(8);
    expect(await comeBack(250, 4)).toEqual([0, 0, 0, 0, 0]);
  });

  it('that was lost lets its holder record nothing', async () => {
    await events.store.insert([message('1')]);
    const late = await claim('slow');
    clock.advance(LEASE_MS + 1);
    await events.store.releaseLeases();
    const [event] = late;
    if (event === undefined) throw new Error('Nothing was claimed');
    const settlement = {
      event,
      state: 'failed' as const,
      note: 'Too late.',
      activity: { kind: 'late', text: 'Too late.' },
      conversation: { conversation_id: 'a', user_id: null, controller: null, last_event_at: 1 },
    };
    await events.store.settle([settlement]);
    expect(await read('1')).toMatchObject({ state: 'waiting', note: null });

    const again = await claim('slow');
    await events.store.settle([settlement]);
    expect(await read('1')).toMatchObject({ state: 'working', attempts: 2 });
    await finish(again);
    expect(await read('1')).toMatchObject({ state: 'done', note: null });
    const tooLate = [expect.objectContaining({ note: 'Too late.' })];
    expect(events.settled).not.toHaveBeenCalledWith(tooLate, expect.anything());
    expect(await events.database.kysely.selectFrom('conversations').selectAll().execute()).toEqual(
      [],
    );
  });
});

describe.runIf(postgresIsAvailable)('between instances whose clocks differ by an hour', () => {
  const HOUR_MS = 60 * 60_000;
  const events = useEvents('postgres', openTestDatabase);
  const { message } = events;
  let exact: EventStore;
  let ahead: EventStore;
  let behind: EventStore;
  beforeAll(() => {
    [exact, ahead, behind] = [instance(0), instance(HOUR_MS), instance(-HOUR_MS)];
  });

  const instance = (aheadMs: number) =>
    createEventStore({
      database: events.database,
      observe: createObserve(),
      now: () => Date.now() + aheadMs,
    });
  const holder = async () => {
    const query = events.database.kysely.selectFrom('events').select('lease_owner');
    return (await query.where('state', '=', 'working').executeTakeFirst())?.lease_owner;
  };

  const lease = (leaseMs: number) => ({ owner: 'holder', leaseMs });
  const takings = {
    'claims as it arrives': (leaseMs: number) =>
      exact.insert([message('1')], { ...lease(leaseMs), admit: () => true }),
    async claims(leaseMs: number) {
      await exact.insert([message('1')]);
      return await exact.claim({ ...lease(leaseMs), limit: 1 });
    },
    async renews(leaseMs: number) {
      const [event] = await takings['claims as it arrives'](0);
      await exact.renew([event?.seq ?? 0], 'holder', leaseMs);
    },
  };

  it.each(Object.entries(takings))('nobody loses what it %s', async (_how, take) => {
    await take(60_000);
    await ahead.releaseLeases();
    expect(await holder()).toBe('holder');
  });

  it('what a dead one held is given back by whoever looks', async () => {
    await takings['claims as it arrives'](1);
    await waitUntil('the lease is over', async () => {
      await behind.releaseLeases();
      return (await holder()) === undefined;
    });
  });
});
