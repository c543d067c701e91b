import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEventStore, type EventStore } from '../../server/inbox/events.ts';
import type { Database } from '../../server/store/engines/database.ts';
import { createInstallationStore } from '../../server/store/tables/installations.ts';
import type { EventState, NewEvent, StoredEvent } from '../../server/store/schema.ts';
import { createClock } from '../support/clock.ts';
import { engines, openTestDatabase } from '../support/engines.ts';
import { createObserve } from '../../server/observe.ts';

describe.each(engines)('what becomes of an event on %s', (engine) => {
  const clock = createClock();
  let database: Database;
  let store: EventStore;
  let installationId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    store = createEventStore({ database, observe: createObserve(), now: clock.now });
  });
  beforeEach(async () => {
    await database.kysely.deleteFrom('installations').execute();
    installationId = randomUUID();
    const installations = createInstallationStore({ database, now: clock.now });
    await installations.create(installationId, 'Acme');
  });
  afterAll(() => database.close());

  const message = (eventId: string, conversation = 'a'): NewEvent => ({
    installation_id: installationId,
    event_id: eventId,
    type: 'conversation:message',
    conversation_key: `${installationId}/${conversation}`,
    payload: '{}',
    state: 'waiting',
    note: null,
  });
  const claim = () => store.claim({ owner: 'us', leaseMs: 15_000, limit: 100 });
  const idsOf = (events: StoredEvent[]) => events.map(({ event_id }) => event_id);
  const settle = (events: StoredEvent[], state: EventState, runAt?: number) =>
    store.settle(
      events.map((event) => ({
        event,
        state,
        note: `Now ${state}.`,
        ...(runAt === undefined ? {} : { runAt }),
      })),
    );
  const read = (eventId: string) =>
    database.kysely
      .selectFrom('events')
      .selectAll()
      .where('event_id', '=', eventId)
      .executeTakeFirst();

  it('is recorded together with the conversation and the activity', async () => {
    await store.insert([message('1')]);
    const [event] = await claim();
    if (event === undefined) throw new Error('Nothing was claimed');
    await store.settle([
      {
        event,
        state: 'done',
        note: 'Answered.',
        activity: { kind: 'message', text: 'Answered.' },
        conversation: { conversation_id: 'a', user_id: 'u', controller: 'us', last_event_at: 7 },
      },
    ]);
    expect(await read('1')).toMatchObject({
      state: 'done',
      note: 'Answered.',
      lease_owner: null,
      lease_until: null,
      settled_at: clock.now(),
    });
    const { kysely } = database;
    expect(await kysely.selectFrom('activity').selectAll().execute()).toMatchObject([
      { installation_id: installationId, kind: 'message', text: 'Answered.', at: clock.now() },
    ]);
    expect(await kysely.selectFrom('conversations').selectAll().execute()).toMatchObject([
      { installation_id: installationId, conversation_id: 'a', controller: 'us' },
    ]);
  });

  it('may quote U+0000, of which a substitute is kept', async () => {
    await store.insert([message('1')]);
    await store.settle(
      (await claim()).map((event) => ({ event, state: 'done', note: 'a\u0000b' })),
    );
    expect((await read('1'))?.note).toBe('a\uFFFDb');
  });

  it('that waits for another attempt holds back its conversation and no other', async () => {
    await store.insert([message('1', 'a'), message('2', 'a'), message('3', 'b')]);
    const [first] = await claim();
    await settle(first === undefined ? [] : [first], 'waiting', clock.now() + 1_000);
    await store.insert([message('4', 'c')]);
    expect(idsOf(await claim())).toEqual(['4']);
    clock.advance(1_000);
    expect(idsOf(await claim())).toEqual(['1']);
  });

  it.each(['failed', 'ignored', 'done'] as const)(
    'that is %s lets the next of its conversation go on',
    async (state) => {
      await store.insert([message('1'), message('2')]);
      await settle(await claim(), state);
      expect(idsOf(await claim())).toEqual(['2']);
    },
  );

  describe('as a job of our own', () => {
    it.each(['done', 'ignored', 'failed'] as const)(
      'is armed again once it is %s',
      async (state) => {
        await store.schedule(message('job'));
        await settle(await claim(), state);
        await store.schedule(message('job'));
        expect(await claim()).toMatchObject([{ event_id: 'job', attempts: 1 }]);
      },
    );

    it('stays as it is while it waits or runs', async () => {
      await store.schedule(message('job'));
      const claimed = await claim();
      await store.schedule(message('job'));
      expect(await read('job')).toMatchObject({ state: 'working', attempts: 1 });
      await settle(claimed, 'waiting', clock.now() + 60_000);
      await store.schedule(message('job'));
      expect(await read('job')).toMatchObject({ attempts: 1, run_at: clock.now() + 60_000 });
      expect(await claim()).toEqual([]);
    });
  });
});
