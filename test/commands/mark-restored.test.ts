import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/engines/database.ts';
import { createStores } from '../../server/store/create-stores.ts';
import { markRestored } from '../../server/commands/restore/mark-restored.ts';
import { engines, openTestDatabase } from '../support/store/engines.ts';
import { insertEvent } from '../support/store/insert-event.ts';

const FAR = Date.UTC(2100, 0, 1);

describe.each(engines)('a database put back from a backup on %s', (engine) => {
  let database: Database;
  let stores: ReturnType<typeof createStores>;
  beforeEach(async () => {
    database = await openTestDatabase(engine);
    const keys = [{ id: 'k1', key: Buffer.alloc(32) }];
    stores = createStores({ database, keys, now: Date.now });
  });
  afterEach(() => database.close());

  it('remembers when it was', async () => {
    await markRestored(database, () => 1_000);
    await markRestored(database, () => 2_000);

    expect(await stores.appState.read('restored_at')).toBe('2000');
  });

  it('gives back what was in work, whose worker is gone', async () => {
    await stores.installations.create('acme', 'Acme');
    const base = { installation_id: 'acme', attempts: 1 };
    const lease = { lease_owner: 'dead', lease_until: FAR };
    await insertEvent(database, { ...base, ...lease, state: 'working', event_id: 'in work' });
    await insertEvent(database, { ...base, state: 'done', event_id: 'done' });

    await markRestored(database, Date.now);

    const events = database.kysely.selectFrom('events').orderBy('seq');
    expect(
      await events
        .select(['event_id', 'state', 'attempts', 'lease_owner', 'lease_until'])
        .execute(),
    ).toEqual([
      { event_id: 'in work', state: 'waiting', attempts: 1, lease_owner: null, lease_until: null },
      { event_id: 'done', state: 'done', attempts: 1, lease_owner: null, lease_until: null },
    ]);
  });

  it('holds no lock of an instance that is gone', async () => {
    await database.kysely
      .insertInto('locks')
      .values({ name: 'webhook:acme', holder: 'dead', held_until: FAR })
      .execute();

    await markRestored(database, Date.now);

    const times = { waitMs: 0 };
    expect(await stores.locks.withLock('webhook:acme', times, async () => 'ran')).toBe('ran');
  });

  it('forgets sign-ins under way, which may have been used up, and keeps sessions', async () => {
    await database.kysely
      .insertInto('oauth_attempts')
      .values({
        state_hash: 'state',
        cookie_hash: 'cookie',
        owner_id: 'owner',
        provider: 'zendesk',
        created_at: 0,
        expires_at: FAR,
      })
      .execute();
    await database.kysely
      .insertInto('sessions')
      .values({ sid: 'sid', data: '{}', expires_at: FAR })
      .execute();

    await markRestored(database, Date.now);

    expect(await database.kysely.selectFrom('oauth_attempts').selectAll().execute()).toEqual([]);
    expect(await database.kysely.selectFrom('sessions').selectAll().execute()).toHaveLength(1);
  });
});
