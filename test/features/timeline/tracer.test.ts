import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTracer } from '../../../server/features/timeline/tracer.ts';

const tracer = createTracer({ now: () => 5 });
const keys = () => tracer.steps().map(({ key }) => key);

describe('a tracer', () => {
  it('keeps apart what runs at the same time', async () => {
    const work = (outcome: string) => async () => {
      tracer.note('token-kept');
      await nextTurn();
      tracer.note('account-known', { account: 'Acme', outcome });
      await nextTurn();
      return [...tracer.steps()];
    };
    const [first, second] = await Promise.all([tracer.run(work('one')), tracer.run(work('two'))]);
    expect(first).toEqual([
      { key: 'token-kept', at: 5, values: {}, call: null },
      { key: 'account-known', at: 5, values: { account: 'Acme', outcome: 'one' }, call: null },
    ]);
    expect(second).toHaveLength(2);
  });

  it('begins anew inside another trace, which something may have been started from', async () => {
    await tracer.run(async () => {
      tracer.note('token-kept');
      await tracer.run(async () => {
        tracer.note('state-checked');
        expect(keys()).toEqual(['state-checked']);
      });
      expect(keys()).toEqual(['token-kept']);
    });
  });

  it('notes nothing of what is started within a trace and stays apart from it', async () => {
    await tracer.run(async () => {
      await tracer.apart(async () => {
        tracer.note('token-kept');
        await nextTurn();
        expect(tracer.isRunning()).toBe(false);
      });
      expect(keys()).toEqual([]);
      tracer.note('state-checked');
      await nextTurn();
      expect(keys()).toEqual(['state-checked']);
    });
  });

  it('follows what still runs when another trace has ended', async () => {
    await tracer.run(async () => {
      await tracer.run(nextTurn);
      tracer.note('token-kept');
      expect(keys()).toEqual(['token-kept']);
    });
    expect(tracer.isRunning()).toBe(false);
    await tracer.run(async () => expect(keys()).toEqual([]));
  });

  it('takes no notes outside a trace', () => {
    tracer.note('token-kept');
    expect(tracer.isRunning()).toBe(false);
    expect(keys()).toEqual([]);
  });

  it('stops after fifty steps', async () => {
    await tracer.run(async () => {
      for (let n = 0; n < 80; n++) tracer.note('reply-found', { number: n });
      expect(keys()).toHaveLength(50);
    });
  });
});
