import { describe, expect, it } from 'vitest';
import { createSettling } from '../../../server/inbox/settling.ts';
import { createUnderWay } from '../../../server/inbox/under-way.ts';
import { engines } from '../../support/store/engines.ts';
import { useEvents } from '../support/use-events.ts';

const lease = { owner: 'us', leaseMs: 15_000 };

describe.each(engines)('what ends in one moment on %s', (engine) => {
  const on = useEvents(engine);

  /** Of conversations a, b and c the first is under way, and something waits behind it. */
  async function begin() {
    const lanes = ['a', 'b', 'c'];
    await on.store.insert(lanes.map((lane) => on.message(`${lane}1`, lane)));
    const events = await on.store.claim({ ...lease, limit: 10 });
    await on.store.insert(lanes.map((lane) => on.message(`${lane}2`, lane)));
    const underWay = createUnderWay();
    for (const event of events) underWay.begin(event, true);
    let transactions = 0;
    const settle = createSettling({
      store: {
        settle(...given) {
          transactions += 1;
          return on.store.settle(...given);
        },
      },
      lease,
      underWay,
      mayGoOn: () => true,
      isStopping: () => true,
    });
    return { events, settle, transactions: () => transactions };
  }
  const read = async () => {
    const rows = await on.database.kysely.selectFrom('events').selectAll().orderBy('seq').execute();
    return rows.map(({ event_id: id, state }) => `${id} ${state}`);
  };

  it('is settled in one transaction, which also claims what waits behind it', async () => {
    const { events, settle, transactions } = await begin();
    const next = await Promise.all(
      events.map((event) => settle({ event, state: 'done', note: null })),
    );
    expect(next.map((event) => event?.event_id)).toEqual(['a2', 'b2', 'c2']);
    expect(next[0]).toMatchObject({ state: 'working', attempts: 1, lease_owner: 'us' });
    expect(transactions()).toBe(1);
  });

  it('is settled although what one of them leaves behind cannot be written', async () => {
    const { events, settle } = await begin();
    const results = await Promise.allSettled(
      events.map((event) => {
        const fails = () => Promise.reject(new Error('Not to be written.'));
        const writes = event.event_id === 'b1' ? [fails] : [];
        return settle({ event, state: 'done', note: null, writes });
      }),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await read()).toEqual([
      'a1 done',
      'b1 working',
      'c1 done',
      'a2 working',
      'b2 waiting',
      'c2 working',
    ]);
  });

  it('is followed by nothing where it is to be tried again', async () => {
    const { events, settle } = await begin();
    const [event] = events;
    if (event === undefined) throw new Error('Nothing was claimed');
    expect(await settle({ event, state: 'waiting', note: 'Later.', runAt: 0 })).toBeUndefined();
    expect(await read()).toContain('a2 waiting');
  });
});
