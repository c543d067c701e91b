import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAcceptor } from '../../../server/inbox/receive/group-commit.ts';
import { createEventStore } from '../../../server/inbox/events.ts';
import { isForeignKeyViolation, type Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import type { NewEvent } from '../../../server/store/schema.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { createObserve } from '../../../server/observe.ts';

describe.each(engines)('accepting deliveries on %s', (engine) => {
  const installationId = randomUUID();
  let database: Database;
  beforeEach(async () => {
    database = await openTestDatabase(engine);
    await createInstallationStore({ database, now: Date.now }).create(installationId, 'Acme');
  });
  afterEach(() => database.close());

  const event = (eventId: string, changes: Partial<NewEvent> = {}): NewEvent => ({
    installation_id: installationId,
    event_id: eventId,
    type: 'conversation:message',
    conversation_key: `${installationId}/a`,
    payload: '{}',
    state: 'waiting',
    note: null,
    ...changes,
  });

  /** Hands all deliveries over in the same moment; returns how each ended and how often the worker was woken. */
  async function accept(deliveries: NewEvent[][]) {
    let woken = 0;
    const store = createEventStore({ database, observe: createObserve(), now: Date.now });
    const acceptEvents = createAcceptor(store, () => (woken += 1));
    const results = await Promise.allSettled(deliveries.map(acceptEvents));
    return { woken, results: results.map((r) => (r.status === 'rejected' ? r.reason : 'stored')) };
  }
  const storedIds = async () => {
    const rows = await database.kysely.selectFrom('events').select('event_id').execute();
    return rows.map(({ event_id }) => event_id).toSorted();
  };

  it('stores those of the same moment together and wakes the worker once', async () => {
    const { results, woken } = await accept([[event('1'), event('2')], [event('3')]]);
    expect(results).toEqual(['stored', 'stored']);
    expect(woken).toBe(1);
    expect(await storedIds()).toEqual(['1', '2', '3']);
  });

  it('refuses the one whose installation is gone and stores its neighbours', async () => {
    const gone = event('2', { installation_id: randomUUID() });
    const { results } = await accept([[event('1')], [gone], [event('3')]]);
    expect(results).toEqual(['stored', expect.any(Error), 'stored']);
    expect(results.map(isForeignKeyViolation)).toEqual([false, true, false]);
    expect(await storedIds()).toEqual(['1', '3']);
  });

  it('stores nothing of a delivery that cannot be stored as a whole', async () => {
    const gone = event('2', { installation_id: randomUUID() });
    const { results } = await accept([[event('1'), gone]]);
    expect(results.map(isForeignKeyViolation)).toEqual([true]);
    expect(await storedIds()).toEqual([]);
  });

  it('stores as many events at once as there may be in many full deliveries', async () => {
    const deliveries = Array.from({ length: 8 }, (_, delivery) =>
      Array.from({ length: 1_000 }, (_unused, n) => event(`${delivery}-${n}`)),
    );
    const { results } = await accept(deliveries);
    expect(new Set(results)).toEqual(new Set(['stored']));
    expect(await storedIds()).toHaveLength(8_000);
  });

  it('tells of an event that waits, although one of the same id in another account was taken', async () => {
    const otherId = randomUUID();
    await createInstallationStore({ database, now: Date.now }).create(otherId, 'Bloom');
    const other = event('1', { installation_id: otherId, conversation_key: `${otherId}/a` });
    const store = createEventStore({ database, observe: createObserve(), now: Date.now });
    const admit = ({ installation_id: id }: NewEvent) => id === installationId;
    const lease = { owner: 'me', leaseMs: 60_000, admit };
    const told: string[] = [];
    const insert = (events: readonly NewEvent[]) => store.insert(events, lease);
    const acceptEvents = createAcceptor({ insert }, (keys) => told.push(...keys));
    await Promise.all([acceptEvents([event('1')]), acceptEvents([other])]);
    expect(told).toEqual([other.conversation_key]);
  });

  it('says that a database which is away is not a missing installation', async () => {
    await database.kysely.destroy();
    const [result] = (await accept([[event('1')]])).results;
    expect(result).toBeInstanceOf(Error);
    expect(isForeignKeyViolation(result)).toBe(false);
  });
});
