import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { createClock } from '../../support/clock.ts';
import { engines, onOwnClock, openTestDatabase } from '../../support/store/engines.ts';
import { createObserve } from '../../../server/observe.ts';

const LEASE_MS = 15_000;
/** More than what an event waits whose holders died again and again. */
const LONGEST_PAUSE_MS = 10 * 60_000;
const CONVERSATIONS = ['a', 'b'];
const WORKERS = ['one', 'two'];

const action = fc.oneof(
  fc.record({
    do: fc.constant('deliver' as const),
    conversation: fc.constantFrom(...CONVERSATIONS),
    /** Few ids, so that many deliveries are duplicates. */
    id: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({
    do: fc.constant('claim' as const),
    worker: fc.constantFrom(...WORKERS),
    limit: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    do: fc.constant('settle' as const),
    worker: fc.constantFrom(...WORKERS),
    pick: fc.nat(9),
    state: fc.constantFrom('done', 'ignored', 'failed', 'waiting' as const),
  }),
  fc.record({ do: fc.constant('crash' as const), worker: fc.constantFrom(...WORKERS) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(2_000, LEASE_MS + 1) }),
  fc.record({ do: fc.constant('release' as const) }),
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

describe.each(engines)('the inbox on %s, against a model', (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = onOwnClock(await openTestDatabase(engine));
  });
  afterAll(() => database.close());

  it(
    'gives each event one final outcome, in order within its conversation, whatever happens',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 80 }), (actions) =>
          play(database, actions),
        ),
        { numRuns: engine === 'sqlite' ? 300 : 100 },
      );
    },
  );
});

async function play(database: Database, actions: Action[]): Promise<void> {
  const clock = createClock();
  const store = createEventStore({ database, observe: createObserve(), now: clock.now });
  const installation = randomBytes(16).toString('hex');
  await createInstallationStore({ database, now: clock.now }).create(installation, 'Model');
  const model = createModel();

  for (const step of actions) {
    switch (step.do) {
      case 'deliver': {
        // An id belongs to one conversation, as Zendesk's do.
        const conversation = CONVERSATIONS[step.id % CONVERSATIONS.length] ?? step.conversation;
        await store.insert([newEvent(installation, conversation, `e${step.id}`)]);
        model.deliver(conversation, `e${step.id}`);
        break;
      }
      case 'claim':
        model.claimed(
          step.worker,
          await store.claim({ owner: step.worker, leaseMs: LEASE_MS, limit: step.limit }),
        );
        break;
      case 'settle': {
        const held = model.heldBy(step.worker);
        const event = held[step.pick % held.length];
        if (event !== undefined) await settle(store, clock.now(), model, event, step.state);
        break;
      }
      case 'crash':
        model.crash(step.worker);
        break;
      case 'wait':
        clock.advance(step.ms);
        break;
      case 'release':
        await store.releaseLeases();
        model.release(clock.now());
        break;
    }
  }

  // Whatever is left is worked off by a worker that never fails.
  for (let round = 0; round < 200; round++) {
    clock.advance(LEASE_MS + 1);
    await store.releaseLeases();
    model.release(clock.now());
    clock.advance(LONGEST_PAUSE_MS);
    const events = await store.claim({ owner: 'last', leaseMs: LEASE_MS, limit: 10 });
    if (events.length === 0) break;
    model.claimed('last', events);
    for (const event of events) await settle(store, clock.now(), model, event, 'done');
  }
  await model.compareWith(database, installation);
  // What this run leaves behind must not be claimed by the next one.
  await database.kysely.deleteFrom('events').execute();
}

function newEvent(installation: string, conversation: string, id: string) {
  return {
    installation_id: installation,
    event_id: id,
    type: 'conversation:message',
    conversation_key: `${installation}/${conversation}`,
    payload: '{}',
    state: 'waiting' as const,
    note: null,
  };
}

async function settle(
  store: EventStore,
  now: number,
  model: ReturnType<typeof createModel>,
  event: StoredEvent,
  state: 'done' | 'ignored' | 'failed' | 'waiting',
): Promise<void> {
  await store.settle([{ event, state, note: null, runAt: now + 1_000 }]);
  model.settled(event, state);
}

/** What the inbox promises, in memory. */
function createModel() {
  const acknowledged = new Map<string, string[]>(CONVERSATIONS.map((name) => [name, []]));
  const finished = new Map<string, string[]>(CONVERSATIONS.map((name) => [name, []]));
  const outcomes = new Map<string, string>();
  /** The newest claim of each event: only its holder may settle it. */
  const claims = new Map<string, { worker: string; event: StoredEvent }>();
  const held = new Map<string, StoredEvent[]>();
  const conversationOf = (event: StoredEvent) => event.conversation_key.split('/')[1] ?? '';

  return {
    deliver(conversation: string, id: string): void {
      const list = acknowledged.get(conversation);
      if (!list?.includes(id)) list?.push(id);
    },
    claimed(worker: string, events: StoredEvent[]): void {
      expect(new Set(events.map(conversationOf)).size).toBe(events.length);
      for (const event of events) {
        const conversation = conversationOf(event);
        const next = acknowledged.get(conversation)?.[finished.get(conversation)?.length ?? 0];
        expect(event.event_id, 'the oldest that is not settled is claimed').toBe(next);
        claims.set(event.event_id, { worker, event });
        held.set(worker, [...(held.get(worker) ?? []), event]);
      }
    },
    heldBy: (worker: string) => held.get(worker) ?? [],
    crash: (worker: string) => held.delete(worker),
    /** A lease that ran out is nobody's any more, also not its old holder's. */
    release(now: number): void {
      for (const [id, { event }] of claims) {
        if ((event.lease_until ?? 0) < now) claims.delete(id);
      }
    },
    settled(event: StoredEvent, state: string): void {
      const claim = claims.get(event.event_id);
      if (claim?.event !== event) return;
      claims.delete(event.event_id);
      if (state === 'waiting') return;
      expect(outcomes.has(event.event_id), 'no second outcome').toBe(false);
      outcomes.set(event.event_id, state);
      finished.get(conversationOf(event))?.push(event.event_id);
    },
    async compareWith({ kysely }: Database, installation: string): Promise<void> {
      const rows = await kysely
        .selectFrom('events')
        .selectAll()
        .where('installation_id', '=', installation)
        .execute();
      expect(Object.fromEntries(rows.map(({ event_id, state }) => [event_id, state]))).toEqual(
        Object.fromEntries(outcomes),
      );
      expect(finished).toEqual(acknowledged);
    },
  };
}
