import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAttemptStore, type AttemptStore } from '../../server/store/attempts.ts';
import type { Database } from '../../server/store/database.ts';
import { createClock, type Clock } from '../support/clock.ts';
import { engines, openTestDatabase } from '../support/engines.ts';

const LIFETIME_MS = 600_000;

describe.each(engines)('the attempt store on %s', (engine) => {
  let database: Database;
  let clock: Clock;
  let attempts: AttemptStore;
  let ownerId: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(() => {
    clock = createClock();
    attempts = createAttemptStore({ database, now: clock.now });
    ownerId = randomUUID();
  });
  afterAll(() => database.close());

  it('gives an attempt to the first who consumes it, and to nobody after', async () => {
    const stateHash = await save({ returnTo: '/settings' });

    expect(await attempts.consume(stateHash)).toEqual({
      state_hash: stateHash,
      cookie_hash: 'cookie',
      owner_id: ownerId,
      provider: 'zendesk',
      return_to: '/settings',
      created_at: clock.now(),
      expires_at: clock.now() + LIFETIME_MS,
    });
    expect(await attempts.consume(stateHash)).toBeUndefined();
    expect(await attempts.find(stateHash)).toBeUndefined();
  });

  it('gives an attempt to exactly one of many who consume it at the same time', async () => {
    const stateHash = await save();

    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => attempts.consume(stateHash)),
    );

    expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
  });

  it('does not give out an expired attempt, but still finds it', async () => {
    const stateHash = await save();
    clock.advance(LIFETIME_MS);

    expect(await attempts.consume(stateHash)).toBeUndefined();
    expect(await attempts.find(stateHash)).toMatchObject({ expires_at: clock.now() });
  });

  it('gives out an attempt in its last millisecond', async () => {
    const stateHash = await save();
    clock.advance(LIFETIME_MS - 1);

    expect(await attempts.consume(stateHash)).toBeDefined();
  });

  it('knows nothing of a state it never saw', async () => {
    expect(await attempts.find('unknown')).toBeUndefined();
    expect(await attempts.consume('unknown')).toBeUndefined();
  });

  it('refuses a second attempt with the same state', async () => {
    const stateHash = await save();

    await expect(save({ stateHash })).rejects.toThrow(/unique/i);
  });

  it('trims to the newest attempts of one owner with one provider', async () => {
    const saved: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      saved.push(await save());
      clock.advance(1);
    }
    const other = await save({ provider: 'zoom' });
    const stranger = await save({ ownerId: randomUUID() });

    const trimmed = await attempts.trim(ownerId, 'zendesk', 2);

    expect(trimmed.toSorted()).toEqual(saved.slice(0, 2).toSorted());
    expect(await attempts.trim(ownerId, 'zendesk', 2)).toEqual([]);
    for (const kept of [...saved.slice(2), other, stranger]) {
      expect(await attempts.find(kept)).toBeDefined();
    }
  });

  it('deletes expired attempts and keeps the others', async () => {
    const expired = await save();
    clock.advance(LIFETIME_MS);
    const fresh = await save();

    await attempts.deleteExpired();

    expect(await attempts.find(expired)).toBeUndefined();
    expect(await attempts.find(fresh)).toBeDefined();
  });

  async function save(changes: Partial<Parameters<AttemptStore['save']>[0]> = {}) {
    const stateHash = randomUUID();
    const attempt = {
      stateHash,
      cookieHash: 'cookie',
      ownerId,
      provider: 'zendesk',
      returnTo: null,
      lifetimeMs: LIFETIME_MS,
      ...changes,
    };
    await attempts.save(attempt);
    return attempt.stateHash;
  }
});
