import { describe, expect, it, vi } from 'vitest';
import { createTurns } from '../../../../server/features/connections/tokens/turns.ts';
import { RemoteError } from '../../../../server/remote-error.ts';
import { createClock } from '../../../support/clock.ts';

const connection = (id: string, concurrency: number) => ({ id, concurrency });

/** Work that ends when it is told to. */
function openWork() {
  const ends: (() => void)[] = [];
  const work = vi.fn(() => new Promise<void>((resolve) => void ends.push(resolve)));
  return { work, endOne: () => ends.shift()?.() };
}

const limited = (retryAfterMs: number) =>
  new RemoteError('CreateMeeting', { status: 429, retryAfterMs });

describe('the calls of a connection', () => {
  it.each([1, 2, 50])('run %i at once, the others in turn', async (atOnce) => {
    const turns = createTurns({ now: Date.now });
    const { work, endOne } = openWork();
    const all = Array.from({ length: atOnce + 2 }, () => turns.run(connection('a', atOnce), work));
    await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(atOnce));
    endOne();
    await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(atOnce + 1));
    for (let n = 0; n < atOnce + 2; n++) {
      endOne();
      await new Promise(setImmediate);
    }
    await Promise.all(all);
    expect(work).toHaveBeenCalledTimes(atOnce + 2);
  });

  it.each([1, 2])('are no more than %i when others come as those end', async (atOnce) => {
    const turns = createTurns({ now: Date.now });
    const { work, endOne } = openWork();
    const begin = () => turns.run(connection('a', atOnce), work);
    const all = Array.from({ length: atOnce + 1 }, begin);
    await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(atOnce));
    for (let n = 0; n < atOnce; n++) endOne();
    await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(atOnce + 1));
    all.push(...Array.from({ length: atOnce }, begin));
    await new Promise(setImmediate);
    expect(work).toHaveBeenCalledTimes(2 * atOnce);
    for (const _ of all) endOne();
    await new Promise(setImmediate);
    endOne();
    await Promise.all(all);
  });

  it('do not wait for those of another connection', async () => {
    const turns = createTurns({ now: Date.now });
    const { work, endOne } = openWork();
    const held = turns.run(connection('a', 1), work);
    await expect(turns.run(connection('b', 1), async () => 'done')).resolves.toBe('done');
    endOne();
    await held;
  });

  it('give their turn back when they fail', async () => {
    const turns = createTurns({ now: Date.now });
    const fail = turns.run(connection('a', 1), () => Promise.reject(new Error('No.')));
    await expect(fail).rejects.toThrow('No.');
    await expect(turns.run(connection('a', 1), async () => 1)).resolves.toBe(1);
  });

  it('are not made while the service’s limit holds, and are answered as it was', async () => {
    const clock = createClock(Date.now());
    const turns = createTurns({ now: clock.now });
    const error = limited(3_600_000);
    const run = (work: () => Promise<unknown>) => turns.run(connection('a', 5), work);
    await expect(run(() => Promise.reject(error))).rejects.toBe(error);
    const work = vi.fn(async () => 'done');
    await expect(run(work)).rejects.toBe(error);
    expect(work).not.toHaveBeenCalled();
    await expect(turns.run(connection('b', 5), work)).resolves.toBe('done');
    clock.advance(3_600_001);
    await expect(run(work)).resolves.toBe('done');
  });

  it('wait out a limit of a second', async () => {
    const turns = createTurns({ now: Date.now });
    const run = (work: () => Promise<unknown>) => turns.run(connection('a', 5), work);
    await expect(run(() => Promise.reject(limited(50)))).rejects.toThrow('429');
    await expect(run(async () => 'done')).resolves.toBe('done');
  });
});
