import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivityLog } from '../../../server/features/activity/activity-log.ts';
import { createActivityObserver } from '../../../server/features/activity/index.ts';
import { merge, removeUser } from '../../../server/features/erasure/customers.ts';
import type { FeatureParts } from '../../../server/features/feature.ts';
import { createEventStore, type EventStore } from '../../../server/inbox/events.ts';
import { createLog } from '../../../server/log.ts';
import { createObserve } from '../../../server/observe.ts';
import { createStores, type Stores } from '../../../server/store/create-stores.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import type { StoredEvent } from '../../../server/store/schema.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';

const silent = createLog('silent');
const LAST = { kind: 'removed', text: 'Removed in Zendesk' };

describe.each(engines)('the activity of an account on %s', (engine) => {
  let database: Database;
  let stores: Stores;
  let events: EventStore;
  let log: ReturnType<typeof createActivityLog>;
  let id: string;
  const observe = createObserve();
  let parts: FeatureParts[];
  const deps = () => ({ ...stores, database, observe, parts, log: silent, now: Date.now });

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    log = createActivityLog({ database, now: Date.now });
    const observer = createActivityObserver({ database, now: Date.now }, log);
    observe.add(observer);
    parts = [{ observer }];
    const keys = [{ id: 'k', key: Buffer.alloc(32) }];
    stores = createStores({ database, keys, observe, now: Date.now });
    events = createEventStore({ database, observe, now: Date.now });
  });
  beforeEach(async () => {
    await database.kysely.deleteFrom('installations').execute();
    id = randomUUID();
    await stores.installations.create(id, 'Acme');
  });
  afterAll(() => database.close());

  const lines = () => log.latest(id, 10);
  const texts = async () => (await lines()).map(({ text }) => text);

  /** An event of a conversation, claimed. */
  async function claim(conversation: string): Promise<StoredEvent> {
    await insertEvent(database, {
      installation_id: id,
      conversation_key: `${id}/${conversation}`,
      payload: JSON.stringify({ payload: { conversation: { id: conversation } } }),
    });
    const [event] = await events.claim({ owner: 'us', leaseMs: 15_000, limit: 1 });
    if (event === undefined) throw new Error('Nothing was claimed');
    return event;
  }

  async function answer(conversation: string, userId: string): Promise<void> {
    const event = await claim(conversation);
    const activity = { kind: 'message', text: `Answered in ${conversation}` };
    const known = { conversation_id: conversation, user_id: userId, controller: null };
    const settled = { event, state: 'done', note: null, activity } as const;
    await events.settle([{ ...settled, conversation: { ...known, last_event_at: 1 } }]);
  }

  it('has a line of what came of an event, with its conversation', async () => {
    await answer('first', 'jane');
    expect(await lines()).toMatchObject([
      { kind: 'message', text: 'Answered in first', conversation_key: `${id}/first` },
    ]);
  });

  it('has none of an attempt whose lease was lost', async () => {
    const event = await claim('first');
    const lost = { ...event, lease_owner: 'somebody else' };
    const activity = { kind: 'late', text: 'Too late.' };
    await events.settle([{ event: lost, state: 'failed', note: null, activity }]);
    expect(await lines()).toEqual([]);
  });

  it('loses the lines of a customer who is deleted, and no others', async () => {
    await answer('hers', 'jane');
    await answer('his', 'john');
    await observe.note(id, 'account', 'Of the account.');
    await removeUser(deps(), id, 'jane');
    expect(await texts()).toEqual(['Of the account.', 'Answered in his']);
  });

  it('loses also those of a conversation that was merged into one of hers', async () => {
    await answer('old', 'jane');
    await answer('new', 'jane');
    const change = { kind: 'conversation', discardedId: 'old', survivingId: 'new' } as const;
    await merge(deps(), id, change);
    expect(new Set((await lines()).map((line) => line.conversation_key))).toEqual(
      new Set([`${id}/new`]),
    );
    await answer('old', 'jane');
    await removeUser(deps(), id, 'jane');
    expect(await texts()).toEqual([]);
  });

  it('is one line once the installation was removed, however often that is asked', async () => {
    await answer('first', 'jane');
    await Promise.all([
      stores.installations.remove(id, LAST),
      stores.installations.remove(id, LAST),
    ]);
    await stores.installations.remove(id, LAST);
    expect(await lines()).toMatchObject([{ ...LAST, conversation_key: null }]);
  });

  it('has no line of an installation that never was', async () => {
    const never = randomUUID();
    expect(await stores.installations.remove(never, LAST)).toBe(false);
    expect(await log.latest(never, 10)).toEqual([]);
  });

  it('is exported line by line, the oldest first', async () => {
    for (const text of ['one', 'two']) await observe.note(id, 'note', text);
    const exported: string[] = [];
    for await (const { text } of log.listAll(id)) exported.push(text);
    expect(exported).toEqual(['one', 'two']);
  });
});
