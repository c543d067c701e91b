import { describe, expect, it } from 'vitest';
import { createUnderWay } from '../../../server/inbox/under-way.ts';

describe('what is under way', () => {
  const events = [1, 2, 3].map((seq) => ({ seq, conversation_key: `conversation-${seq}` }));

  function begin() {
    const underWay = createUnderWay();
    const signals = events.map((event) => underWay.begin(event, false).signal);
    return { underWay, signals };
  }

  it('is named, to have its lease renewed, until it ends', () => {
    const { underWay } = begin();
    expect(underWay.seqs()).toEqual([1, 2, 3]);
    for (const event of events.slice(1)) underWay.end(event);
    expect(underWay.seqs()).toEqual([1]);
    expect(underWay.isEmpty()).toBe(false);
    for (const event of events.slice(0, 1)) underWay.end(event);
    expect(underWay.isEmpty()).toBe(true);
  });

  it('is aborted at the end of the process, and what has ended is not', () => {
    const { underWay, signals } = begin();
    for (const event of events.slice(1, 2)) underWay.end(event);
    underWay.abortAll(new Error('Shutting down.'));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, true]);
  });
});
