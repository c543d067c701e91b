import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { createLocks, LockUnavailableError, type Locks } from '../../server/store/locks.ts';
import { createClock, type Clock } from '../support/clock.ts';
import { createGate } from '../support/gate.ts';
import { engines, openTestDatabase } from '../support/engines.ts';

const PATIENT = { ttlMs: 60_000, waitMs: 10_000 };
const IMPATIENT = { ttlMs: 60_000, waitMs: 0 };

describe.each(engines)('locks on %s', (engine) => {
  let database: Database;
  let clock: Clock;
  let locks: Locks;
  let name: string;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(() => {
    clock = createClock();
    locks = createLocks({ database, now: clock.now });
    name = randomUUID();
  });
  afterAll(() => database.close());

  it('give back what the work gave', async () => {
    expect(await locks.withLock(name, IMPATIENT, async () => 'result')).toBe('result');
  });

  it('let the holders of one name work one at a time', async () => {
    let working = 0;
    let most = 0;
    const work = async () => {
      working += 1;
      most = Math.max(most, working);
      await sleep(1);
      working -= 1;
    };

    await Promise.all(Array.from({ length: 5 }, () => locks.withLock(name, PATIENT, work)));

    expect(most).toBe(1);
  });

  it('let the holders of different names work at the same time', async () => {
    const inner = () => locks.withLock(`${name}-other`, IMPATIENT, async () => 'inner');

    expect(await locks.withLock(name, IMPATIENT, inner)).toBe('inner');
  });

  it('refuse with a code, and without working, when the wait is over', async () => {
    const gate = createGate();
    const holding = hold(gate);
    await gate.entered;
    let worked = false;

    const refused = locks.withLock(name, { ttlMs: 60_000, waitMs: 100 }, async () => {
      worked = true;
    });

    await expect(refused).rejects.toThrow(LockUnavailableError);
    await expect(refused).rejects.toMatchObject({ code: 'lock_unavailable' });
    expect(worked).toBe(false);
    gate.open();
    await holding;
  });

  it('are free again after the work', async () => {
    await locks.withLock(name, IMPATIENT, async () => {});

    expect(await locks.withLock(name, IMPATIENT, async () => 'again')).toBe('again');
  });

  it('are free again after work that failed', async () => {
    const failing = locks.withLock(name, IMPATIENT, () => Promise.reject(new Error('broken')));

    await expect(failing).rejects.toThrow('broken');
    expect(await locks.withLock(name, IMPATIENT, async () => 'again')).toBe('again');
  });

  it('stay with their holder until they expire', async () => {
    const gate = createGate();
    const holding = hold(gate);
    await gate.entered;

    clock.advance(IMPATIENT.ttlMs - 1);
    await expect(locks.withLock(name, IMPATIENT, async () => {})).rejects.toThrow('was not free');
    clock.advance(1);
    expect(await locks.withLock(name, IMPATIENT, async () => 'taken over')).toBe('taken over');

    gate.open();
    await holding;
  });

  it('are not released by a holder whose time was over', async () => {
    const late = createGate();
    const lateHolder = hold(late);
    await late.entered;
    clock.advance(IMPATIENT.ttlMs);
    const current = createGate();
    const currentHolder = hold(current);
    await current.entered;

    late.open();
    await lateHolder;

    await expect(locks.withLock(name, IMPATIENT, async () => {})).rejects.toThrow('was not free');
    current.open();
    await currentHolder;
  });

  async function hold(gate: ReturnType<typeof createGate>): Promise<void> {
    await locks.withLock(name, IMPATIENT, gate.pass);
  }
});
