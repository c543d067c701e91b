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

it.each(['alone', 'while other work goes on'])(
  'knows nothing of what was started in work that has ended, %s',
  async (how) => {
    const [gate, end] = [createGate(), createGate()];
    const other = how === 'alone' ? undefined : context.run('other', end.pass);
    let left: Promise<string | undefined> | undefined;
    await context.run('one', async () => {
      left = gate.pass().then(context.get);
      await gate.entered;
    });
    gate.open();
    expect(await left).toBeUndefined();
    end.open();
    await other;
  },
);
