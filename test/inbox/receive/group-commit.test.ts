import { describe, expect, it } from 'vitest';
import { createGroupCommit } from '../../../server/inbox/receive/group-commit.ts';
import { createGate } from '../../support/gate.ts';

const fulfilled = { status: 'fulfilled' as const, value: undefined };
const rejected = (reason: unknown) => ({ status: 'rejected' as const, reason });

/** Notes what each write was given, and fails for what says so. */
function createRecorder(
  options: { maxItems?: number; failing?: (items: string[]) => Error | undefined } = {},
) {
  const { failing = () => undefined } = options;
  const writes: string[][] = [];
  async function writeAll(items: string[]): Promise<void> {
    writes.push(items);
    const failure = failing(items);
    if (failure) throw failure;
  }
  const add = createGroupCommit(writeAll, options.maxItems ?? 100);
  return { writes, add };
}

describe('a group commit', () => {
  it('writes what arrives in the same moment in one go, in order', async () => {
    const { writes, add } = createRecorder();
    await Promise.all(['a', 'b', 'c'].map(add));
    expect(writes).toEqual([['a', 'b', 'c']]);
  });

  it('writes a single item at once, without waiting for company', async () => {
    const { writes, add } = createRecorder();
    await add('a');
    await add('b');
    expect(writes).toEqual([['a'], ['b']]);
  });

  it('takes along what each next turn of the event loop brings, until one brings nothing', async () => {
    const { writes, add } = createRecorder();
    const written = [add('a')];
    for (const item of ['b', 'c']) {
      await new Promise(setImmediate);
      written.push(add(item));
    }
    await Promise.all(written);
    expect(writes).toEqual([['a', 'b', 'c']]);
  });

  it('does not wait for company without end', async () => {
    const { writes, add } = createRecorder({ maxItems: 3 });
    const written: Promise<void>[] = [];
    while (writes.length === 0) {
      written.push(add('a'));
      await new Promise(setImmediate);
    }
    await Promise.all(written);
    expect(writes[0]).toEqual(['a', 'a', 'a']);
  });

  it('never writes more than allowed in one go', async () => {
    const { writes, add } = createRecorder({ maxItems: 2 });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(add));
    expect(writes).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('lets what arrives during a write share the next one', async () => {
    const gate = createGate();
    const writes: string[][] = [];
    const add = createGroupCommit(async (items: string[]) => {
      writes.push(items);
      if (writes.length === 1) await gate.pass();
    });
    const first = add('a');
    await gate.entered;
    const later = Promise.all(['b', 'c'].map(add));
    expect(writes).toEqual([['a']]);
    gate.open();
    await Promise.all([first, later]);
    expect(writes).toEqual([['a'], ['b', 'c']]);
  });

  it('that fails is tried item by item, and rejects the one item that failed and no other', async () => {
    const reason = new Error('not this one');
    const { writes, add } = createRecorder({
      failing: (items) => (items.includes('b') ? reason : undefined),
    });
    expect(await Promise.allSettled(['a', 'b', 'c'].map(add))).toEqual([
      fulfilled,
      rejected(reason),
      fulfilled,
    ]);
    expect(writes).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  it('rejects exactly those whose write failed each time, and goes on', async () => {
    const reason = new Error('no disk');
    let count = 0;
    const { add } = createRecorder({
      maxItems: 2,
      failing: () => (++count <= 3 ? reason : undefined),
    });
    expect(await Promise.allSettled(['a', 'b', 'c'].map(add))).toEqual([
      rejected(reason),
      rejected(reason),
      fulfilled,
    ]);
    await add('d');
  });
});
