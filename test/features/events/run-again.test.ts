import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runAgain } from '../../../server/features/events/run-again.ts';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import { ATTEMPTS_ALLOWED } from '../../../server/inbox/retry.ts';
import { createEventLog } from '../../../server/features/events/event-log.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { EventState, NewEvent, StoredEvent } from '../../../server/store/schema.ts';
import { createClock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/engines.ts';
import { createObserve } from '../../../server/observe.ts';

describe.each(engines)('an event on %s', (engine) => {
  const clock = createClock();
  let database: Database;
  let store: EventStore;
  let installationId: string;
  let core: Parameters<typeof runAgain>[0];

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    core = { database, now: clock.now };
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
  it('can be replayed when it failed, with a new round of attempts', async () => {
    await store.insert([message('1')]);
    await settle(await claim(), 'failed');
    expect(await runAgain(core, installationId, '1')).toBe(true);
    expect(await runAgain(core, installationId, '1')).toBe(false);
    expect(await claim()).toMatchObject([
      { event_id: '1', attempts: 2, attempts_allowed: 1 + ATTEMPTS_ALLOWED, settled_at: null },
    ]);
  });

  it.each(['done', 'ignored', 'waiting'] as const)(
    'cannot be replayed when it is %s',
    async (state) => {
      await store.insert([message('1')]);
      const events = await claim();
      expect(await runAgain(core, installationId, '1')).toBe(false);
      await settle(events, state);
      expect(await runAgain(core, installationId, '1')).toBe(false);
    },
  );

  it('cannot be replayed by another installation, nor without its payload', async () => {
    await store.insert([message('1')]);
    await settle(await claim(), 'failed');
    expect(await runAgain(core, randomUUID(), '1')).toBe(false);
    expect(await runAgain(core, installationId, 'unknown')).toBe(false);
    await database.kysely.updateTable('events').set({ payload: null }).execute();
    expect(await runAgain(core, installationId, '1')).toBe(false);
  });

  it('waits, when it is replayed, while a later one of the conversation is handled', async () => {
    await store.insert([message('1'), message('2'), message('3')]);
    await settle(await claim(), 'failed');
    const second = await claim();
    await runAgain(core, installationId, '1');
    expect(await claim()).toEqual([]);
    await settle(second, 'done');
    expect(idsOf(await claim())).toEqual(['1']);
  });

  it('is counted and listed by state', async () => {
    await store.insert(['1', '2', '3', '4'].map((id) => message(id, id)));
    const [one, two, three] = await claim();
    if (!one || !two || !three) throw new Error('Too few were claimed');
    await settle([one, two], 'failed');
    await settle([three], 'done');
    const log = createEventLog({ database });
    expect(await log.countByState(installationId)).toEqual({
      waiting: 0,
      working: 1,
      done: 1,
      ignored: 0,
      failed: 2,
    });
    expect(await log.listFailed(installationId, 10)).toMatchObject([
      { event_id: '2', note: 'Now failed.', attempts: 1 },
      { event_id: '1' },
    ]);
    expect(await log.listFailed(installationId, 1)).toHaveLength(1);
    expect(await log.listFailed(randomUUID(), 10)).toEqual([]);
  });
});
