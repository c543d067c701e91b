import { beforeEach, describe, expect, it } from 'vitest';
import { mayBegin } from '../../../server/features/limits/schema.ts';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import { createObserve } from '../../../server/observe.ts';
import { engines } from '../../support/store/engines.ts';
import { LEASE_MS, useEvents } from '../../inbox/support/use-events.ts';

const lease = { owner: 'us', leaseMs: LEASE_MS };

describe.each(engines)('of an account that pauses, on %s', (engine) => {
  const on = useEvents(engine);
  let store: EventStore;
  beforeEach(() => {
    const { database, clock } = on;
    store = createEventStore({
      database,
      mayBegin: [mayBegin],
      observe: createObserve(),
      now: clock.now,
    });
  });

  /** `first` is the event that goes first. */
  const pause = (first: number | null = null) =>
    on.database.kysely
      .insertInto('account_pauses')
      .values({
        installation_id: on.installationId,
        paused_until: 0,
        count: 1,
        first_seq: first,
      })
      .execute();
  const claim = async () => on.idsOf(await store.claim({ ...lease, limit: 100 }));

  it('nothing is begun as it arrives', async () => {
    await pause();
    const admit = () => true;
    expect(await store.insert([on.message('1')], { ...lease, admit })).toEqual([]);
    expect(await on.read('1')).toMatchObject({ state: 'waiting', attempts: 0, lease_owner: null });
  });

  it('nothing is begun of what waits, also not behind what is settled', async () => {
    await store.insert([on.message('1'), on.message('2')]);
    const [event] = await store.claim({ ...lease, limit: 100 });
    if (event === undefined) throw new Error('Nothing was claimed');
    await pause();
    const next = { ...lease, conversationKeys: [event.conversation_key] };
    expect(await store.settle([{ event, state: 'done', note: null }], next)).toEqual([]);
    expect(await claim()).toEqual([]);
    const { conversationKeys } = next;
    expect(await store.claim({ ...lease, limit: 100, conversationKeys })).toEqual([]);
  });

  it('only the event that goes first is begun, and jobs of ours', async () => {
    await store.insert([on.message('1', 'a'), on.message('2', 'b'), on.message('3', 'c')]);
    const job = { event_id: 'shopkeeper:job', type: 'shopkeeper:job' };
    await store.insert([
      on.message('', '', { ...job, conversation_key: `${on.installationId}#job` }),
    ]);
    await pause((await on.read('2'))?.seq);
    expect((await claim()).toSorted()).toEqual(['2', 'shopkeeper:job']);
  });

  it('all of it is begun once the pause is gone, and other accounts are not held back', async () => {
    await store.insert([on.message('1', 'a')]);
    await pause();
    const ofOther = { installation_id: 'other', conversation_key: 'other/a' };
    const { kysely } = on.database;
    const [mine] = await kysely.selectFrom('installations').selectAll().execute();
    if (mine === undefined) throw new Error('There is no installation');
    await kysely
      .insertInto('installations')
      .values({ ...mine, id: 'other' })
      .execute();
    await store.insert([on.message('2', '', ofOther)]);
    expect(await claim()).toEqual(['2']);
    await kysely.deleteFrom('account_pauses').execute();
    expect(await claim()).toEqual(['1']);
  });
});
