import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createAsyncContext } from '../../../server/features/shared/async-context.ts';
import { createGate } from '../../support/gate.ts';

const context = createAsyncContext<string>();

it('finds what belongs to each piece of work, wherever that leads', async () => {
  const find = async (name: string) =>
    await context.run(name, async () => {
      await nextTurn();
      return context.get();
    });
  expect(await Promise.all([find('one'), find('other')])).toEqual(['one', 'other']);
  expect(context.get()).toBeUndefined();
});

it('goes on when other work has failed', async () => {
  await context.run('one', async () => {
    const other = context.run('other', () => Promise.reject(new Error('It failed.')));
    await expect(other).rejects.toThrow('It failed.');
    expect(context.get()).toBe('one');
  });
});

it('is off once no work is left, for what was started in it and goes on', async () => {
  const gate = createGate();
  let left: Promise<string | undefined> | undefined;
  await context.run('one', async () => {
    left = gate.pass().then(context.get);
    await gate.entered;
  });
  gate.open();
  expect(await left).toBeUndefined();
});
