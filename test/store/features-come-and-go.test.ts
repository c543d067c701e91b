import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Feature } from '../../server/features/feature.ts';
import { features } from '../../server/features.ts';
import { createEventStore } from '../../server/inbox/events.ts';
import { createObserve } from '../../server/observe.ts';
import { createStores } from '../../server/store/create-stores.ts';
import type { Database } from '../../server/store/engines/database.ts';
import { migrate, readMigrations } from '../../server/store/migrate.ts';
import { installationOwner } from '../../server/store/secrets/secrets.ts';
import { createVault } from '../../server/store/secrets/vault.ts';
import { createTestFolder, engines, openDatabase } from '../support/store/engines.ts';
import { createTestDatabase } from '../support/store/postgres-databases.ts';
import { insertEvent } from '../support/store/insert-event.ts';
import { readWholeDatabase } from '../support/store/read-whole-database.ts';

const KEYS = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
const ID = 'an-installation';
const NOTES = { name: 'notes' } as const;

describe.each(engines)('a database on %s', (engine) => {
  let database: Database;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    const place = engine === 'sqlite' ? await createTestFolder() : await createTestDatabase();
    database = await openDatabase(place);
    remove = place.remove;
  });
  afterEach(async () => {
    await database.close();
    await remove();
  });

  it('made without features keeps its rows when they come, and is one to work with', async () => {
    await migrate(database, []);
    await fill();
    const before = await readRows();

    await migrate(database, features);

    expect(await readRows()).toEqual(
      before.map(({ table, row }) => ({ table, row: expect.objectContaining(row) })),
    );
    await expectUsable();
  });

  it('goes on without a feature that was deleted: its rows stay until their account goes', async () => {
    await migrate(database, features);
    await fill();
    for (const statement of [
      sql`insert into oauth_clients values ('client', ${ID}, 'zoom', 'App', 'client-id', 8, 9)`,
      sql`insert into connections (id, installation_id, provider, name, auth_type, oauth_client_id,
          status, created_at, updated_at)
        values ('connection', ${ID}, 'zoom', 'Sales', 'oauth2', 'client', 'connected', 1, 2)`,
      sql`insert into connection_history (connection_id, actor, text, changes, at)
        values ('connection', 'browser', 'Created.', '[]', 3)`,
      sql`insert into traces (installation_id, event_id, kind, title, steps, at)
        values (${ID}, 'done', 'event', 'A message', '[]', 1)`,
    ])
      await statement.execute(database.kysely);
    const before = await readRows();

    await migrate(database, []);

    expect(await readRows()).toEqual(before);
    expect(await readMigrations(database, [])).toMatchObject({ pending: [], newer: [] });
    await expectUsable();
  });

  it('takes a deleted feature back with what it had', async () => {
    await migrate(database, features);
    await migrate(database, []);
    await migrate(database, features);
    expect((await readMigrations(database, features)).pending).toEqual([]);
  });

  it.each(['0002-later', 'notes/0002-later'])(
    'is refused when a newer version ran %s',
    async (name) => {
      const current: Feature[] = [...features, NOTES];
      await migrate(database, current);
      await sql`insert into kysely_migration (name, timestamp)
      values (${name}, '2100-01-01T00:00:00Z')`.execute(database.kysely);

      await expect(migrate(database, current)).rejects.toThrow(
        `A newer version has changed this database (${name}): run that version`,
      );
    },
  );

  it('is not refused for a newer version of a feature that was deleted', async () => {
    await migrate(database, features);
    await sql`insert into kysely_migration (name, timestamp)
      values ('notes/0002-later', '2100-01-01T00:00:00Z')`.execute(database.kysely);

    await migrate(database, features);
  });

  /** A row or more in every table of the core that has to do with an account. */
  async function fill(): Promise<void> {
    const { kysely } = database;
    for (const statement of [
      sql`insert into installations (id, app_id, display_name, status, status_at, created_at, updated_at)
        values (${ID}, 'app', 'Acme', 'active', 2, 1, 2)`,
      sql`insert into installation_owners (owner_id, installation_id, state_hash, created_at)
        values ('browser', ${ID}, 'hash', 3)`,
      sql`insert into oauth_attempts (state_hash, cookie_hash, owner_id, provider, created_at, expires_at)
        values ('state', 'cookie', 'browser', 'zendesk', 1, 9)`,
      sql`insert into conversations values (${ID}, 'conversation', 'user', 'bot', null, 4)`,
      sql`insert into sessions values ('session', '{}', 6)`,
      sql`insert into locks values ('lock', 'holder', 7)`,
    ])
      await statement.execute(kysely);
    const secret = createVault(KEYS).encrypt(installationOwner(ID), 'access_token', 'the-token');
    await kysely
      .insertInto('secrets')
      .values({ ...secret, installation_id: ID, updated_at: 1 })
      .execute();
    for (const state of ['waiting', 'done', 'failed'] as const)
      await insertEvent(database, { installation_id: ID, event_id: state, state });
  }

  async function readRows() {
    const rows = await readWholeDatabase(database);
    return rows.filter(({ table }) => !table.startsWith('kysely_'));
  }

  /** Events are taken, secrets read, everything deleted. */
  async function expectUsable(): Promise<void> {
    const stores = createStores({ database, keys: KEYS, now: Date.now });
    const events = createEventStore({ database, observe: createObserve(), now: Date.now });

    const [event] = await events.claim({ owner: 'us', leaseMs: 1_000, limit: 5 });
    if (event === undefined) throw new Error('Nothing was claimed');
    await events.settle([{ event, state: 'done', note: null }]);
    expect(await stores.secrets.get(installationOwner(ID), 'access_token')).toBe('the-token');

    await stores.installations.remove(ID, { kind: 'removed', text: 'Gone' });
    const left = (await readRows()).map(({ table }) => table);
    const outliving = ['locks', 'oauth_attempts', 'sessions'];
    expect(new Set(left)).toEqual(new Set(outliving));
  }
});
