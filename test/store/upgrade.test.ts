import { Migrator, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventStore } from '../../server/inbox/event-store.ts';
import { createStores } from '../../server/store/create-stores.ts';
import type { Database } from '../../server/store/engines/database.ts';
import { createMigrations, migrate } from '../../server/store/migrate.ts';
import { openDatabase } from '../../server/store/engines/open-database.ts';
import { createSecretStore, installationOwner } from '../../server/store/secrets/secrets.ts';
import { createVault } from '../../server/store/secrets/vault.ts';
import { createTestDatabase, createTestFolder, engines } from '../support/engines.ts';
import { insertEvent } from '../support/insert-event.ts';
import { readWholeDatabase } from '../support/read-whole-database.ts';
import { features } from '../../server/features.ts';
import { createObserve } from '../../server/observe.ts';

const KEYS = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
const ID = 'an-installation';

/** What the first version that kept connections had run. */
const BEFORE = new Set(['0001-initial', 'feature-connections']);

describe.each(engines)('a database of an earlier version, on %s,', (engine) => {
  let database: Database;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    const place = engine === 'sqlite' ? await createTestFolder() : await createTestDatabase();
    database = await openDatabase(place);
    remove = place.remove;
    await migrateAsBefore();
    await fill();
  });
  afterEach(async () => {
    await database.close();
    await remove();
  });

  async function migrateAsBefore(): Promise<void> {
    const all = Object.entries(createMigrations(engine, features));
    const migrations = Object.fromEntries(all.filter(([name]) => BEFORE.has(name)));
    const provider = { getMigrations: async () => migrations };
    const { error } = await new Migrator({ db: database.kysely, provider }).migrateToLatest();
    expect(error).toBeUndefined();
  }

  /** A row or more in every table there was. */
  async function fill(): Promise<void> {
    const { kysely } = database;
    for (const statement of [
      sql`insert into installations (id, app_id, display_name, status, created_at, updated_at)
        values (${ID}, 'app', 'Acme', 'active', 1, 2)`,
      sql`insert into installation_owners values ('browser', ${ID}, 'hash', 3)`,
      sql`insert into oauth_attempts values ('state', 'cookie', 'browser', 'zendesk', null, 1, 9)`,
      sql`insert into conversations values (${ID}, 'conversation', 'user', 'bot', null, 4)`,
      sql`insert into activity (installation_id, kind, text, at) values (${ID}, 'done', 'Line', 5)`,
      sql`insert into sessions values ('session', '{}', 6)`,
      sql`insert into locks values ('lock', 'holder', 7)`,
      sql`insert into oauth_clients values ('client', ${ID}, 'zoom', 'App', 'client-id', 8, 9)`,
      sql`insert into connections (id, installation_id, provider, name, auth_type, oauth_client_id,
          status, created_at, updated_at)
        values ('connection', ${ID}, 'zoom', 'Sales', 'oauth2', 'client', 'connected', 1, 2)`,
      sql`insert into connection_history (connection_id, actor, text, changes, at)
        values ('connection', 'browser', 'Created.', '[]', 3)`,
    ])
      await statement.execute(kysely);
    const secrets = createSecretStore({ database, vault: createVault(KEYS), now: () => 1 });
    await secrets.put(installationOwner(ID), 'access_token', 'the-token');
    for (const state of ['waiting', 'done', 'failed'] as const)
      await insertEvent(database, { installation_id: ID, event_id: state, state });
  }

  async function readRows() {
    const rows = await readWholeDatabase(database);
    return rows.filter(({ table }) => !table.startsWith('kysely_'));
  }

  it('keeps every row as it was', async () => {
    const before = await readRows();
    expect(before.length).toBeGreaterThanOrEqual(14);

    await migrate(database, features);

    const after = await readRows();
    const asBefore = before.map(({ table, row }) => ({ table, row: expect.objectContaining(row) }));
    expect(after).toEqual(asBefore);
  });

  it('is one to work with: events are taken, secrets read, everything deleted', async () => {
    await migrate(database, features);
    const stores = createStores({ database, keys: KEYS, now: Date.now });
    const events = createEventStore({ database, observe: createObserve(), now: Date.now });

    const [event] = await events.claim({ owner: 'us', leaseMs: 1_000, limit: 5 });
    if (event === undefined) throw new Error('Nothing was claimed');
    const activity = { kind: 'done', text: 'Answered' };
    await events.settle([{ event, state: 'done', note: null, activity }]);
    expect(await stores.secrets.get(installationOwner(ID), 'access_token')).toBe('the-token');

    expect(await stores.customers.removeUser(ID, 'user')).toEqual(['conversation']);
    await stores.installations.remove(ID, { kind: 'removed', text: 'Gone' });
    const left = (await readRows()).map(({ table }) => table);
    const outliving = ['activity', 'locks', 'oauth_attempts', 'removals', 'sessions'];
    expect(new Set(left)).toEqual(new Set(outliving));
  });
});
