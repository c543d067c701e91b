import { describe, expect, it } from 'vitest';
import { onHandOffFailed } from '../../server/bot/on-hand-off-failed.ts';
import { fakeTools } from './fake-tools.ts';

describe('onHandOffFailed', () => {
  it('tells the customer that nobody can be reached, and does not try again', async () => {
    const tools = fakeTools();
    await onHandOffFailed(tools);
    expect(tools.reply).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('sorry'));
    expect(tools.handOff).not.toHaveBeenCalled();
  });
});
