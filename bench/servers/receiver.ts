import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { createAcceptor } from '../../server/inbox/receive/group-commit.ts';
import { createKeyCheck } from '../../server/inbox/receive/webhook-secrets.ts';
import { createQueueLimit } from '../../server/features/limits/room.ts';
import { receiveDelivery } from '../../server/inbox/receive/receiver.ts';
import { createEventStore } from '../../server/inbox/events.ts';
import { collectWorkEarly } from '../../server/start/run.ts';
import { createStores } from '../../server/store/create-stores.ts';
import type { EventState } from '../../server/store/schema.ts';
import { migrate } from '../../server/store/migrate.ts';
import { chooseEngine } from '../../server/store/engines/engine.ts';
import { installationOwner, WEBHOOK_SECRET } from '../../server/store/secrets/secrets.ts';
import { fillEvents } from './fill-events.ts';
import { serve } from './serve.ts';
import type { FeatureParts } from '../../server/features/feature.ts';
import { features } from '../../server/features.ts';
import { createObserve } from '../../server/observe.ts';

/**
 * Our receiver, durable, without the worker behind it, so that the figure is that of acknowledging.
 * Arguments: data folder, database URL or "", installations, settled events already stored.
 */
const [dataDir = '', databaseUrl = '', installationCount = '1', eventCount = '0'] =
  process.argv.slice(2);
collectWorkEarly();
const database = await chooseEngine(features, { dataDir, databaseUrl }).open({
  dataDir,
  databaseUrl,
});
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
const observe = createObserve();
const parts: FeatureParts[] = [];
parts.push({ hasRoom: createQueueLimit({ database, now }) });
const deps = {
  ...stores,
  checkKey: createKeyCheck({ ...stores, database, parts, now }),
  accept: createAcceptor(createEventStore({ database, observe, now }), () => {}),
  config: { keepIgnored: false },
  eventTypes: {},
  parts,
  isOpen: () => true,
  observe,
  log,
};
await serve(
  (request, response) => {
    if (!receiveDelivery(deps, request, response)) response.writeHead(404).end();
  },
  { hooks, tidyUp },
);
