import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { sampleBot as bot } from '../../support/sample-bot.ts';
import { handleEvent, type EventDeps } from '../../../server/inbox/handle-event.ts';
import { createWorker } from '../../../server/inbox/worker.ts';
import { createEventStore } from '../../../server/inbox/events.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { openTestDatabase } from '../../support/store/engines.ts';
import { insertEvent } from '../../support/store/insert-event.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createObserve } from '../../../server/observe.ts';

const EVENTS = 100;

it('nothing of an event is in memory once it was handled, although its handler had half a minute', async () => {
  const database = await openTestDatabase('sqlite');
  const now = Date.now;
  const stores = createStores({ database, keys: [{ id: 'test', key: Buffer.alloc(32) }], now });
  const id = randomUUID();
  await stores.installations.create(id, 'Acme');
  await stores.installations.setStatus(id, ['installing'], 'revoked');
  for (let n = 0; n < EVENTS; n++) {
    await insertEvent(database, { installation_id: id, conversation_key: `${id}/${n}` });
  }
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const handled: WeakRef<object>[] = [];
  const observe = createObserve();
  observe.add({
    occur: { 'attempt-settled': ({ event }) => void handled.push(new WeakRef(event)) },
  });
  const events = createEventStore({ database, observe, now });
  const deps: EventDeps = {
    bot,
    rule: { clientId: 'client', answerWithoutSwitchboard: false },
    ...stores,
    database,
    zendesk: { clientFor: () => Promise.reject(new Error('Not needed.')) },
    parts: [],
    eventTypes: {},
    runJob: () => Promise.reject(new Error('Not needed.')),
    restoredAt: () => undefined,
    observe,
    now,
    log,
  };
  const worker = createWorker({
    ...stores,
    events,
    observe,
    log,
    owner: 'test',
    handle: (event, signal) => handleEvent(deps, event, signal),
  });
  worker.start();
  await waitUntil('all are handled', () => handled.length === EVENTS);
  await worker.stop(0);

  await waitUntil('all are forgotten', () => {
    collectGarbage();
    return handled.every((event) => event.deref() === undefined);
  });
  expect(handled).toHaveLength(EVENTS);
  await database.close();
});
