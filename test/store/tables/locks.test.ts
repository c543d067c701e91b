import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../server/store/engines/database.ts';
import { createLocks, LEASE_MS, LockUnavailableError } from '../../../server/store/tables/locks.ts';
import { createClock, type Clock } from '../../support/clock.ts';
import { createGate } from '../../support/gate.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { waitUntil } from '../../support/wait-until.ts';

const PATIENT = { waitMs: 10_000 };
const IMPATIENT = { waitMs: 0 };

describe.each(engines)('locks on %s', (engine) => {
  let database: Database;
  let clock: Clock;
  let locks: ReturnType<typeof createLocks>;
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

    const refused = locks.withLock(name, { waitMs: 100 }, async () => {
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

  it('stay with a holder that lives, however long its work takes', async () => {
    const gate = createGate();
    const holding = hold(gate);
    await gate.entered;
    const first = await readLease();

    clock.advance(1_000);
    await waitUntil('the lease is renewed', async () => (await readLease()) > first);

    await expect(locks.withLock(name, IMPATIENT, async () => {})).rejects.toThrow('was not free');
    gate.open();
    await holding;
  });

  it('pass within five seconds from a holder that was killed', async () => {
    await leaveBehind(LEASE_MS);
    const startedAt = performance.now();

    expect(await locks.withLock(name, PATIENT, async () => 'taken over')).toBe('taken over');

    const waited = performance.now() - startedAt;
    if (engine === 'sqlite') expect(waited).toBeLessThan(1_000);
    else expect(waited).toBeLessThan(5_000);
  });

  it.runIf(engine === 'postgres')('stay with another process until its lease ends', async () => {
    await leaveBehind(LEASE_MS);

    await expect(locks.withLock(name, IMPATIENT, async () => {})).rejects.toThrow('was not free');
  });

  it('are not released by a holder that lost them', async () => {
    const gate = createGate();
    const holding = hold(gate);
    await gate.entered;
    await database.kysely.deleteFrom('locks').where('name', '=', name).execute();
    const current = createGate();
    const currentHolder = hold(current);
    await current.entered;

    gate.open();
    await holding;

    await expect(locks.withLock(name, IMPATIENT, async () => {})).rejects.toThrow('was not free');
    current.open();
    await currentHolder;
  });

  /** A row as a killed process leaves it. */
  async function leaveBehind(leaseMs: number): Promise<void> {
    const row = { name, holder: 'another-process/1', held_until: Date.now() + leaseMs };
    await database.kysely.insertInto('locks').values(row).execute();
  }

  async function readLease(): Promise<number> {
    const row = await database.kysely
      .selectFrom('locks')
      .select('held_until')
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    return row.held_until;
  }

  async function hold(gate: ReturnType<typeof createGate>): Promise<void> {
    await locks.withLock(name, IMPATIENT, gate.pass);
  }
});
