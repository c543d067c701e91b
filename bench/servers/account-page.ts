import { createHmac, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { fillEvents } from './fill-events.ts';
import { openShop } from './open-shop.ts';
import { serve } from './serve.ts';

/** An admin asks for no more pages than this in a minute. */
const PAGES_EACH = 250;

/**
 * The whole app with an account that has many events behind it, and its admins signed in.
 * Arguments: data folder, the API's address, events, pages that will be asked for.
 */
const [dataDir = '', apiUrl = '', events = '0', pages = '0'] = process.argv.slice(2);
const { shopkeeper, stores, database, installationId, sessionSecret, hooks } = await openShop({
  dataDir,
  databaseUrl: '',
  apiUrl,
});
await fillEvents(database, installationId, Number(events));

/** What is kept of what was handled before: as many copies of the first trace as there is room for. */
async function copyTrace(): Promise<void> {
  await sql`
    insert into traces (installation_id, event_id, kind, title, steps, at)
    select traces.installation_id, events.event_id, kind, title, steps, at
    from traces join events on events.installation_id = traces.installation_id
    where traces.id = (select max(id) from traces) and events.event_id like 'old-%'
    limit 150`.execute(database.kysely);
}

async function signIn(): Promise<string> {
  const [ownerId, sid] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const ids = { owner_id: ownerId, installation_id: installationId };
  await stores.installationOwners.grant({ ...ids, state_hash: ownerId });
  const data = JSON.stringify({ cookie: {}, ownerId, renewedAt: Date.now() });
  const row = { sid, data, expires_at: Date.now() + 3_600_000 };
  await database.kysely.insertInto('sessions').values(row).execute();
  const signature = createHmac('sha256', sessionSecret).update(sid).digest('base64');
  return `shopkeeper=${encodeURIComponent(`s:${sid}.${signature.replace(/=+$/, '')}`)}`;
}

const cookies = await Promise.all(
  Array.from({ length: Math.ceil(Number(pages) / PAGES_EACH) }, signIn),
);
const path = `/installations/${installationId}`;
await serve(shopkeeper.handle, { hooks, page: { path, cookies }, tidyUp: copyTrace });
