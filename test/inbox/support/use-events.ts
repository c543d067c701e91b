import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import type { Settlement } from '../../../server/inbox/settle.ts';
import { createObserve } from '../../../server/observe.ts';
import type { Database, Engine } from '../../../server/store/engines/database.ts';
import type { EventState, NewEvent, StoredEvent } from '../../../server/store/schema.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { createClock } from '../../support/clock.ts';
import { onOwnClock, openTestDatabase } from '../../support/store/engines.ts';

export const LEASE_MS = 15_000;

const openOnOwnClock = async (engine: Engine): Promise<Database> =>
  onOwnClock(await openTestDatabase(engine));

/** A store of events for the tests of a file, and for each test an installation of its own. */
export function useEvents(engine: Engine, open: typeof openOnOwnClock = openOnOwnClock) {
  const clock = createClock();
  let database: Database;
  let store: EventStore;
  let installationId: string;
  const settled = vi.fn<(all: readonly Settlement[], at: number) => void>();
  beforeAll(async () => {
    database = await open(engine);
    const observe = createObserve();
    observe.add({ settle: async (_transaction, all, at) => settled(all, at) });
    store = createEventStore({ database, observe, now: clock.now });
  });
  beforeEach(async () => {
    settled.mockClear();
    await database.kysely.deleteFrom('events').execute();
    await database.kysely.deleteFrom('installations').execute();
    installationId = randomUUID();
    const installations = createInstallationStore({ database, now: clock.now });
    await installations.create(installationId, 'Acme');
  });
  afterAll(() => database.close());

  return {
    clock,
    /** What observers are told. */
    settled,
    get database() {
      return database;
    },
    get store() {
      return store;
    },
    get installationId() {
      return installationId;
    },
    message: (eventId: string, conversation = 'a', changes: Partial<NewEvent> = {}): NewEvent => ({
      installation_id: installationId,
      event_id: eventId,
      type: 'conversation:message',
      conversation_key: `${installationId}/${conversation}`,
      payload: '{}',
      state: 'waiting',
      note: null,
      ...changes,
    }),
    claim: (owner = 'us', limit = 100) => store.claim({ owner, leaseMs: LEASE_MS, limit }),
    read: (eventId: string) =>
      database.kysely
        .selectFrom('events')
        .selectAll()
        .where('event_id', '=', eventId)
        .executeTakeFirst(),
    finish: (events: StoredEvent[]) =>
      store.settle(events.map((event) => ({ event, state: 'done', note: null }))),
    idsOf: (events: StoredEvent[]) => events.map(({ event_id }) => event_id),
    settle: (events: StoredEvent[], state: EventState, runAt?: number) =>
      store.settle(
        events.map((event) => ({
          event,
          state,
          note: `Now ${state}.`,
          ...(runAt === undefined ? {} : { runAt }),
        })),
      ),
  };
}
