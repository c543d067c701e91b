import { describe, expect, it } from 'vitest';
import { createBatcher } from '../../server/inbox/create-batcher.ts';
import { createGate } from '../support/gate.ts';

const fulfilled = (value: string) => ({ status: 'fulfilled' as const, value });
const rejected = (reason: unknown) => ({ status: 'rejected' as const, reason });

/** Writes by answering each item with itself; notes what each write was given. */
function createRecorder(maxItems = 100) {
  const writes: string[][] = [];
  const add = createBatcher<string, string>({
    maxItems,
    async write(items) {
      writes.push(items);
      return items.map(fulfilled);
    },
  });
  return { writes, add };
}

describe('the batcher', () => {
  it('writes what arrives in the same moment in one go, in order', async () => {
    const { writes, add } = createRecorder();
    expect(await Promise.all(['a', 'b', 'c'].map(add))).toEqual(['a', 'b', 'c']);
    expect(writes).toEqual([['a', 'b', 'c']]);
  });

  it('writes a single item at once, without waiting for company', async () => {
    const { writes, add } = createRecorder();
    await add('a');
    await add('b');
    expect(writes).toEqual([['a'], ['b']]);
  });

  it('never writes more than allowed in one go', async () => {
    const { writes, add } = createRecorder(2);
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(add));
    expect(writes).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('lets what arrives during a write share the next one', async () => {
    const gate = createGate();
    const writes: string[][] = [];
    const add = createBatcher<string, string>({
      maxItems: 100,
      async write(items) {
        writes.push(items);
        if (writes.length === 1) await gate.pass();
        return items.map(fulfilled);
      },
    });
    const first = add('a');
    await gate.entered;
    const later = Promise.all(['b', 'c'].map(add));
    expect(writes).toEqual([['a']]);
    gate.open();
    await Promise.all([first, later]);
    expect(writes).toEqual([['a'], ['b', 'c']]);
  });

  it('rejects the one item that failed and no other', async () => {
    const reason = new Error('not this one');
    const add = createBatcher<string, string>({
      maxItems: 100,
      write: async (items) =>
        items.map((item) => (item === 'b' ? rejected(reason) : fulfilled(item))),
    });
    expect(await Promise.allSettled(['a', 'b', 'c'].map(add))).toEqual([
      fulfilled('a'),
      rejected(reason),
      fulfilled('c'),
    ]);
  });

  it('rejects exactly the batch whose write threw, and goes on', async () => {
    const reason = new Error('no disk');
    let count = 0;
    const add = createBatcher<string, string>({
      maxItems: 2,
      async write(items) {
        if (++count === 1) throw reason;
        return items.map(fulfilled);
      },
    });
    expect(await Promise.allSettled(['a', 'b', 'c'].map(add))).toEqual([
      rejected(reason),
      rejected(reason),
      fulfilled('c'),
    ]);
    expect(await add('d')).toBe('d');
  });

  it('rejects an item the write forgot, instead of leaving it hanging', async () => {
    const add = createBatcher<string, string>({ maxItems: 100, write: async () => [] });
    await expect(add('a')).rejects.toThrow('without a result');
  });
});
