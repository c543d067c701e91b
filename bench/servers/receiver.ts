import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { createAcceptor } from '../../server/inbox/create-acceptor.ts';
import { createIsRemoved } from '../../server/inbox/drop-removed.ts';
import { createHookLookup } from '../../server/inbox/create-hook-lookup.ts';
import { createQueueLimit } from '../../server/inbox/create-queue-limit.ts';
import { createReceiver } from '../../server/inbox/create-receiver.ts';
import { createEventStore } from '../../server/inbox/event-store.ts';
import { createStores } from '../../server/store/create-stores.ts';
import type { EventState } from '../../server/store/schema.ts';
import { migrate } from '../../server/store/migrate.ts';
import { openDatabase } from '../../server/store/engines/open-database.ts';
import { WEBHOOK_SECRET, installationOwner } from '../../server/store/secrets/secrets.ts';
import { fillEvents } from '../fill-events.ts';
import { serve } from './serve.ts';
import { features } from '../../server/features.ts';
import { createObserve } from '../../server/observe.ts';

/**
 * Our receiver, durable, without the worker behind it, so that the figure is that of acknowledging.
 * Arguments: data folder, database URL or "", installations, settled events already stored.
 */
const [dataDir = '', databaseUrl = '', installationCount = '1', eventCount = '0'] =
  process.argv.slice(2);
const database = await openDatabase({ dataDir, databaseUrl });
await migrate(database, features);
const now = Date.now;
const stores = createStores({ database, keys: [{ id: 'bench', key: randomBytes(32) }], now });

const hooks: { path: string; key: string }[] = [];
for (let n = 0; n < Number(installationCount); n++) {
  const id = randomBytes(16).toString('hex');
  const key = randomBytes(16).toString('hex');
  await stores.installations.create(id, 'Bench');
  await stores.installations.setStatus(id, ['installing'], 'active');
  await stores.secrets.put(installationOwner(id), WEBHOOK_SECRET, key);
  hooks.push({ path: `/webhooks/${id}`, key });
}
await fillEvents(database, hooks[0]?.path.split('/')[2] ?? '', Number(eventCount));

/** What the worker would have done by then: nothing waits any more. */
async function tidyUp(): Promise<void> {
  await database.kysely
    .updateTable('events')
    .set({ state: 'done', settled_at: now() })
    .where('state', '=', sql.lit<EventState>('waiting'))
    .execute();
}

const log = { debug() {}, info() {}, warn() {}, error: console.error };
const receive = createReceiver({
  hooks: createHookLookup({
    ...stores,
    signals: database.signals,
    rereadSecret: async () => {},
    now,
    log,
  }),
  hasRoom: createQueueLimit({ database, maxWaiting: 1_000_000_000, now }),
  accept: createAcceptor({
    store: createEventStore({ database, observe: createObserve(), now }),
    onStored() {},
  }),
  isRemoved: createIsRemoved({ ...stores, now }),
  keepIgnored: false,
  isOpen: () => true,
  observe: createObserve(),
  log,
});
await serve(
  (request, response) => {
    if (!receive(request, response)) response.writeHead(404).end();
  },
  { hooks, tidyUp },
);
