import { describe, expect, it } from 'vitest';
import { possiblyAnswered } from '../../../server/inbox/retry.ts';

const HOUR = 60 * 60_000;
const event = (attempts: number, receivedAt: number) => ({ attempts, received_at: receivedAt });

describe('whether an event may be answered already', () => {
  it('it may not on its first attempt, in a database that was never restored', () => {
    expect(possiblyAnswered(event(1, 0), undefined)).toBe(false);
  });

  it('it may from the second attempt on', () => {
    expect(possiblyAnswered(event(2, 0), undefined)).toBe(true);
  });

  it.each([
    ['it may when it was received before a restore', -1, true],
    ['it may when Zendesk can be delivering it again', 15 * 60_000, true],
    ['it may not when it came long after the restore', HOUR, false],
  ])('%s', (_case, afterRestore, expected) => {
    expect(possiblyAnswered(event(1, 5 * HOUR + afterRestore), 5 * HOUR)).toBe(expected);
  });
});
