import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { createInstallationOwnerStore } from '../../../server/store/tables/installation-owners.ts';
import { createClock, type Clock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

describe.each(engines)('the installation store on %s', (engine) => {
  let database: Database;
  let clock: Clock;
  let installations: ReturnType<typeof createInstallationStore>;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(() => {
    clock = createClock();
    installations = createInstallationStore({ database, now: clock.now });
  });
  afterAll(() => database.close());

  it('creates an installation that is still installing', async () => {
    const id = randomUUID();

    const created = await installations.create(id, 'Acme');

    expect(created).toMatchObject({
      id,
      app_id: null,
      subdomain: null,
      display_name: 'Acme',
      integration_id: null,
      status: 'installing',
      webhook_id: null,
      webhook_target: null,
      status_at: clock.now(),
      created_at: clock.now(),
      updated_at: clock.now(),
    });
    expect(await installations.find(id)).toEqual(created);
    expect(await installations.list()).toContainEqual(created);
  });

  it('finds nothing under an unknown id or app id', async () => {
    await installations.create(randomUUID(), 'Acme without an app id');

    expect(await installations.find('unknown')).toBeUndefined();
    expect(await installations.findByAppId('unknown')).toBeUndefined();
  });

  it.runIf(engine === 'postgres')('knows one whose events are being stored', async () => {
    const { id } = await installations.create(randomUUID(), 'Acme');
    await database.kysely.transaction().execute(async (transaction) => {
      const row = { installation_id: id, event_id: '1', type: 'conversation:message' };
      const rest = { conversation_key: `${id}/a`, payload: '{}', state: 'waiting', note: null };
      const times = { attempts: 0, attempts_allowed: 8, run_at: 0, received_at: 0 };
      await transaction
        .insertInto('events')
        .values({ ...row, ...rest, ...times, state: 'waiting' })
        .execute();
      expect(await installations.isUnknown(id)).toBe(false);
    });
    expect(await installations.isUnknown(randomUUID())).toBe(true);
  });

  it('updates the given fields, the time of the update, and nothing else', async () => {
    const created = await installations.create(randomUUID(), 'Acme');
    const appId = randomUUID();
    clock.advance(1000);

    expect(await installations.update(created.id, { app_id: appId, subdomain: 'acme' })).toBe(true);

    expect(await installations.findByAppId(appId)).toEqual({
      ...created,
      app_id: appId,
      subdomain: 'acme',
      updated_at: clock.now(),
    });
  });

  it('says so when there is nothing to update', async () => {
    expect(await installations.update('unknown', { subdomain: 'acme' })).toBe(false);
  });

  it('refuses a second installation of the same app', async () => {
    const appId = randomUUID();
    const first = await installations.create(randomUUID(), 'First');
    const second = await installations.create(randomUUID(), 'Second');
    await installations.update(first.id, { app_id: appId });

    await expect(installations.update(second.id, { app_id: appId })).rejects.toThrow(/unique/i);
  });

  it('changes the status only from an expected one', async () => {
    const { id } = await installations.create(randomUUID(), 'Acme');
    clock.advance(1000);

    expect(await installations.setStatus(id, ['active'], 'revoked')).toBe(false);
    expect(await installations.find(id)).toMatchObject({ status: 'installing' });
    expect(await installations.setStatus(id, ['installing', 'revoked'], 'active')).toBe(true);
    expect(await installations.find(id)).toMatchObject({
      status: 'active',
      updated_at: clock.now(),
    });
    expect(await installations.setStatus('unknown', ['active'], 'revoked')).toBe(false);
  });

  it('lets one of two who change the same status win', async () => {
    const { id } = await installations.create(randomUUID(), 'Acme');

    const outcomes = await Promise.all([
      installations.setStatus(id, ['installing'], 'removing'),
      installations.setStatus(id, ['installing'], 'removing'),
    ]);

    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it('lists the installations of an owner, newest first', async () => {
    const owners = createInstallationOwnerStore({ database, now: clock.now });
    const ownerId = randomUUID();
    const older = await installations.create(randomUUID(), 'Older');
    clock.advance(1);
    const newer = await installations.create(randomUUID(), 'Newer');
    await installations.create(randomUUID(), 'Of somebody else');
    for (const { id } of [older, newer]) {
      await owners.grant({ owner_id: ownerId, installation_id: id, state_hash: id });
    }

    expect(await installations.listOwnedBy(ownerId)).toEqual([newer, older]);
    expect(await installations.listOwnedBy(randomUUID())).toEqual([]);
  });
});
