import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import {
  createInstallationOwnerStore,
  type Grant,
} from '../../../server/store/tables/installation-owners.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

describe.each(engines)('the owner store on %s', (engine) => {
  let database: Database;
  let owners: ReturnType<typeof createInstallationOwnerStore>;
  let installationId: string;
  let ownerId: string;
  let grant: Grant;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    owners = createInstallationOwnerStore({ database, now: Date.now });
  });
  beforeEach(async () => {
    installationId = randomUUID();
    ownerId = randomUUID();
    grant = { owner_id: ownerId, installation_id: installationId, state_hash: 'state' };
    await createInstallationStore({ database, now: Date.now }).create(installationId, 'Acme');
  });
  afterAll(() => database.close());

  it('lets the browser that was granted an installation own it, and no other', async () => {
    await owners.grant(grant);

    expect(await owners.owns(ownerId, installationId)).toBe(true);
    expect(await owners.owns(randomUUID(), installationId)).toBe(false);
    expect(await owners.owns(ownerId, randomUUID())).toBe(false);
  });

  it('lets two browsers own the same installation', async () => {
    const secondOwnerId = randomUUID();
    await owners.grant({ ...grant, state_hash: 'first' });
    await owners.grant({ ...grant, owner_id: secondOwnerId, state_hash: 'second' });

    expect(await owners.owns(ownerId, installationId)).toBe(true);
    expect(await owners.owns(secondOwnerId, installationId)).toBe(true);
  });

  it('finds the installation by the state that granted it, for its owner only', async () => {
    await owners.grant(grant);

    expect(await owners.findByState(ownerId, 'state')).toBe(installationId);
    expect(await owners.findByState(ownerId, 'other')).toBeUndefined();
    expect(await owners.findByState(randomUUID(), 'state')).toBeUndefined();
  });

  it('remembers the latest state when the same browser installs again', async () => {
    await owners.grant({ ...grant, state_hash: 'first' });
    await owners.grant({ ...grant, state_hash: 'second' });

    expect(await owners.findByState(ownerId, 'second')).toBe(installationId);
    expect(await owners.findByState(ownerId, 'first')).toBeUndefined();
  });

  it('grants nothing for an installation that does not exist', async () => {
    const granting = owners.grant({ ...grant, installation_id: randomUUID() });

    await expect(granting).rejects.toThrow(/foreign key/i);
  });
});
