import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOAuthAttemptStore } from '../../../server/store/tables/oauth-attempts.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { createInstallationStore } from '../../../server/store/tables/installations.ts';
import { createInstallationOwnerStore } from '../../../server/store/tables/installation-owners.ts';
import { createClock, type Clock } from '../../support/clock.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';

const LIFETIME_MS = 600_000;

describe.each(engines)('the attempt store on %s', (engine) => {
  let database: Database;
  let clock: Clock;
  let attempts: ReturnType<typeof createOAuthAttemptStore>;
  let ownerId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(() => {
    clock = createClock();
    attempts = createOAuthAttemptStore({ database, now: clock.now });
    ownerId = randomUUID();
  });
  afterAll(() => database.close());

  it('lets the first go on with an attempt, and nobody after', async () => {
    const stateHash = await save({ return_to: '/settings' });

    expect(await attempts.start(stateHash, ownerId)).toBe(true);
    expect(await attempts.start(stateHash, ownerId)).toBe(false);
    expect(await attempts.find(stateHash)).toEqual({
      state_hash: stateHash,
      cookie_hash: 'cookie',
      owner_id: ownerId,
      provider: 'zendesk',
      return_to: '/settings',
      started_at: clock.now(),
      outcome: null,
      installation_id: null,
      created_at: clock.now(),
      expires_at: clock.now() + LIFETIME_MS,
    });
  });

  it('lets exactly one of many go on who come at the same time', async () => {
    const stateHash = await save();

    const started = await Promise.all(
      Array.from({ length: 8 }, () => attempts.start(stateHash, ownerId)),
    );

    expect(started.filter(Boolean)).toHaveLength(1);
  });

  it('keeps what came of it', async () => {
    const stateHash = await save();
    await attempts.settle(stateHash, '{"href":"/"}', '/');

    expect(await attempts.find(stateHash)).toMatchObject({ outcome: '{"href":"/"}' });
  });

  it('goes with the installation it is for or led to', async () => {
    const installations = createInstallationStore({ database, now: clock.now });
    const id = randomUUID();
    await installations.create(id, 'Acme');
    const begun = await save({ return_to: `/installations/${id}/connections/c` });
    const ended = await save();
    await attempts.settle(ended, '{}', `/installations/${id}`);
    const other = await save();
    await attempts.settle(other, '{}', `/installations/${randomUUID()}`);

    await database.kysely.deleteFrom('installations').where('id', '=', id).execute();

    for (const gone of [begun, ended]) expect(await attempts.find(gone)).toBeUndefined();
    expect(await attempts.find(other)).toMatchObject({ outcome: '{}', installation_id: null });
  });

  it('does not go on with an expired attempt, but still finds it', async () => {
    const stateHash = await save();
    clock.advance(LIFETIME_MS);

    expect(await attempts.start(stateHash, ownerId)).toBe(false);
    expect(await attempts.find(stateHash)).toMatchObject({ expires_at: clock.now() });
  });

  it('goes on with an attempt in its last millisecond', async () => {
    const stateHash = await save();
    clock.advance(LIFETIME_MS - 1);

    expect(await attempts.start(stateHash, ownerId)).toBe(true);
  });

  it('knows nothing of a state it never saw', async () => {
    expect(await attempts.find('unknown')).toBeUndefined();
    expect(await attempts.start('unknown', ownerId)).toBe(false);
  });

  it('refuses a second attempt with the same state', async () => {
    const stateHash = await save();

    await expect(save({ state_hash: stateHash })).rejects.toThrow(/unique/i);
  });

  it('trims to the newest attempts of one browser, by its owner and by its cookies', async () => {
    const saved: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      saved.push(await save());
      clock.advance(1);
    }
    const held = await save({ owner_id: randomUUID(), cookie_hash: `held by ${ownerId}` });
    const stranger = await save({ owner_id: randomUUID() });
    const browser = { ownerId, cookieHashes: [`held by ${ownerId}`] };

    const trimmed = await attempts.trim(browser, 3);

    expect(trimmed.toSorted()).toEqual(saved.slice(0, 2).toSorted());
    expect(await attempts.trim(browser, 3)).toEqual([]);
    for (const kept of [...saved.slice(2), held, stranger]) {
      expect(await attempts.find(kept)).toBeDefined();
    }
  });

  it('trims used attempts before those that may still come back', async () => {
    const open = await save();
    clock.advance(1);
    const used = await save();
    await attempts.start(used, ownerId);

    expect(await attempts.trim({ ownerId, cookieHashes: [] }, 1)).toEqual([used]);
    expect(await attempts.find(open)).toBeDefined();
  });

  it('gives the attempts of a browser to another owner, unless theirs owns something', async () => {
    const cookieHash = `cookie of ${ownerId}`;
    const settled = await save({ cookie_hash: cookieHash });
    await attempts.start(settled, ownerId);
    await attempts.settle(settled, '{"href":"/"}', '/');
    const owning = randomUUID();
    const installationId = randomUUID();
    await createInstallationStore({ database, now: clock.now }).create(installationId, 'Acme');
    await createInstallationOwnerStore({ database, now: clock.now }).grant({
      owner_id: owning,
      installation_id: installationId,
      state_hash: 'state',
    });
    const planted = await save({ cookie_hash: cookieHash, owner_id: owning });
    const mine = await save({ cookie_hash: cookieHash });
    const foreign = await save({ cookie_hash: `another than ${ownerId}` });

    await attempts.adopt({ ownerId: 'new', cookieHashes: [cookieHash] });
    await attempts.adopt({ ownerId: 'nobody', cookieHashes: [] });

    expect(await attempts.find(mine)).toMatchObject({ owner_id: 'new' });
    expect(await attempts.find(planted)).toMatchObject({ owner_id: owning });
    for (const kept of [settled, foreign])
      expect(await attempts.find(kept)).toMatchObject({ owner_id: ownerId });
  });

  it('deletes expired attempts and keeps the others', async () => {
    const expired = await save();
    clock.advance(LIFETIME_MS);
    const fresh = await save();

    await attempts.deleteOld();

    expect(await attempts.find(expired)).toBeUndefined();
    expect(await attempts.find(fresh)).toBeDefined();
  });

  async function save(
    changes: Partial<Parameters<ReturnType<typeof createOAuthAttemptStore>['save']>[0]> = {},
  ) {
    const attempt = {
      state_hash: randomUUID(),
      cookie_hash: 'cookie',
      owner_id: ownerId,
      provider: 'zendesk',
      return_to: null,
      ...changes,
    };
    await attempts.save(attempt, LIFETIME_MS);
    return attempt.state_hash;
  }
});
