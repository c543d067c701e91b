import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createPauses } from '../../../server/features/limits/pauses.ts';
import { mayBegin } from '../../../server/features/limits/schema.ts';
import { createEventStore, releaseEvents, type EventStore } from '../../../server/inbox/events.ts';
import { createObserve } from '../../../server/observe.ts';
import { RemoteError } from '../../../server/remote-error.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { engines } from '../../support/store/engines.ts';
import { LEASE_MS, useEvents } from '../../inbox/support/use-events.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const busy = new RemoteError('PostMessage', { status: 429 });

describe.each(engines)('what goes first after a pause, on %s,', (engine) => {
  const on = useEvents(engine);
  let store: EventStore;
  /** Conversations that somebody was told to look at; undefined: at all. */
  let woken: (readonly string[] | undefined)[];
  let pauses: ReturnType<typeof createPauses>;
  beforeEach(async () => {
    const { database, clock } = on;
    const observe = createObserve();
    store = createEventStore({ database, mayBegin: [mayBegin], observe, now: clock.now });
    woken = [];
    pauses = open();
    await store.insert([on.message('1', 'a'), on.message('2', 'a'), on.message('3', 'b')]);
  });

  const open = () =>
    createPauses({ ...on, wake: (keys) => void woken.push(keys), now: on.clock.now, log });
  const call = (answer: () => Promise<unknown>) =>
    pauses.watch(on.installationId, async (request) => request.answer.parse(await answer()))({
      operation: 'PostMessage',
      method: 'POST',
      url: 'https://example.com',
      accessToken: '',
      answer: z.unknown(),
    });
  const refuse = () => expect(call(() => Promise.reject(busy))).rejects.toThrow('status 429');
  const readPause = () =>
    on.database.kysely.selectFrom('account_pauses').selectAll().executeTakeFirst();
  const claim = () => store.claim({ owner: 'us', leaseMs: LEASE_MS, limit: 100 });
  const lane = (conversation: string) => `${on.installationId}/${conversation}`;
  const attempt = (event: StoredEvent | undefined, run: () => Promise<unknown>) => {
    if (event === undefined) throw new Error('Nothing was claimed');
    return pauses.attempt(event, async () => {
      await run();
      return { event, state: 'done', note: null };
    });
  };

  async function letOneGo(): Promise<StoredEvent | undefined> {
    await refuse();
    on.clock.advance(2_000);
    await pauses.look();
    const [first, ...more] = await claim();
    expect(more).toEqual([]);
    return first;
  }

  it('is nothing before the pause is over, then the oldest that is due of any conversation', async () => {
    await refuse();
    await pauses.look();
    expect([woken, await claim()]).toEqual([[], []]);
    on.clock.advance(2_000);
    await pauses.look();
    expect(woken).toEqual([[lane('a')]]);
    expect(on.idsOf(await claim())).toEqual(['1']);
  });

  it('is one, however many instances look, and they agree about it', async () => {
    await refuse();
    on.clock.advance(2_000);
    await Promise.all([pauses, open(), open()].map(({ look }) => look()));
    await pauses.look();
    expect(new Set(woken.flat())).toEqual(new Set([lane('a')]));
    expect(on.idsOf(await claim())).toEqual(['1']);
    await Promise.all([pauses, open()].map(({ look }) => look()));
    expect(await claim()).toEqual([]);
  });

  it('is the same again after its process died over it, and nothing else meanwhile', async () => {
    expect(await letOneGo()).toMatchObject({ event_id: '1', attempts: 1 });
    on.clock.advance(LEASE_MS + 1);
    await pauses.look();
    expect(await claim()).toEqual([]);
    await store.releaseLeases();
    await open().look();
    expect(await claim()).toMatchObject([{ event_id: '1', attempts: 2 }]);
  });

  it('is followed by the next one when it ended without a call', async () => {
    const first = await letOneGo();
    if (first !== undefined) {
      const { event } = await attempt(first, async () => {});
      await store.settle([{ event, state: 'ignored', note: 'Nothing to do.' }]);
    }
    expect(await readPause()).toMatchObject({ count: 1 });
    expect(on.idsOf(await claim())).toEqual(['3']);
  });

  it('is followed by all others when a call of it succeeded, and by a longer pause when one did not', async () => {
    await attempt(await letOneGo(), () => call(() => Promise.resolve('Sent.')).then(refuse));
    expect(await readPause()).toMatchObject({ count: 2, first_seq: null });
    on.clock.advance(4_000);
    await releaseEvents(on.database.kysely, on.clock.now());
    await pauses.look();
    woken = [];
    const [first] = await claim();
    await attempt(first, () => call(() => Promise.resolve('Sent.')));
    expect(await readPause()).toBeUndefined();
    expect(woken).toEqual([undefined]);
    expect(on.idsOf(await claim())).toEqual(['3']);
  });

  it('is followed by all others also when the bot said it by itself, under an id of ours', async () => {
    const events = on.database.kysely.updateTable('events').where('event_id', '=', '1');
    await events.set({ event_id: 'shopkeeper:said' }).execute();
    await attempt(await letOneGo(), () => call(() => Promise.resolve('Sent.')));
    expect(await readPause()).toBeUndefined();
  });
});
