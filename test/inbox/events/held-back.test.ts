import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import { createObserve } from '../../../server/observe.ts';
import { engines } from '../../support/store/engines.ts';
import { LEASE_MS, useEvents } from '../support/use-events.ts';

const lease = { owner: 'us', leaseMs: LEASE_MS };
const admit = () => true;

describe.each(engines)('an event that a feature holds back, on %s', (engine) => {
  const on = useEvents(engine);
  let store: EventStore;
  beforeEach(() => {
    store = createEventStore({
      database: on.database,
      mayBegin: [sql<boolean>`head.event_id <> 'held'`, sql<boolean>`head.type <> 'held'`],
      observe: createObserve(),
      now: on.clock.now,
    });
  });

  it('waits when it arrives, and the others are begun', async () => {
    const events = [on.message('held', 'a'), on.message('2', 'b'), on.message('3', 'c')];
    const ofType = on.message('4', 'd', { type: 'held' });
    const begun = await store.insert([...events, ofType], { ...lease, admit });
    expect(on.idsOf(begun)).toEqual(['2', '3']);
    expect(await on.read('held')).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(await on.read('4')).toMatchObject({ state: 'waiting', lease_owner: null });
  });

  it('takes no place when work is looked for, also where something has just happened', async () => {
    await store.insert([on.message('held', 'a'), on.message('2', 'b')]);
    let asked = 0;
    const options = { ...lease, limit: 10, admit: () => ++asked > 0 };
    const conversationKeys = [`${on.installationId}/a`];
    expect(await store.claim({ ...options, conversationKeys })).toEqual([]);
    expect(asked).toBe(0);
    expect(on.idsOf(await store.claim(options))).toEqual(['2']);
    expect(asked).toBe(1);
  });

  it('is not begun behind what is settled', async () => {
    await store.insert([on.message('1'), on.message('held')]);
    const [event] = await store.claim({ ...lease, limit: 10 });
    if (event === undefined) throw new Error('Nothing was claimed');
    const next = { ...lease, conversationKeys: [event.conversation_key] };
    expect(await store.settle([{ event, state: 'done', note: null }], next)).toEqual([]);
    expect(await on.read('held')).toMatchObject({ state: 'waiting', attempts: 0 });
  });
});
