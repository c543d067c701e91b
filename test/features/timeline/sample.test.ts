import { describe, expect, it } from 'vitest';
import { createSample } from '../../../server/features/timeline/sample.ts';
import { createClock } from '../../support/clock.ts';

describe('the sample that is followed', () => {
  const clock = createClock();

  function countFollowed(hasRoom: (account: string) => boolean, account: string, events: number) {
    return Array.from({ length: events }, () => hasRoom(account)).filter(Boolean).length;
  }

  it('has everything of an account until it is busy, then two events a second', () => {
    const hasRoom = createSample({ now: clock.now });
    expect(countFollowed(hasRoom, 'acme', 50)).toBe(50);
    expect(countFollowed(hasRoom, 'acme', 100)).toBe(0);
    clock.advance(3_000);
    expect(countFollowed(hasRoom, 'acme', 100)).toBe(6);
    clock.advance(3_600_000);
    expect(countFollowed(hasRoom, 'acme', 100)).toBe(50);
  });

  it('has everything of a quiet account beside a busy one', () => {
    const hasRoom = createSample({ now: clock.now });
    countFollowed(hasRoom, 'busy', 10_000);
    expect(countFollowed(hasRoom, 'quiet', 10)).toBe(10);
  });

  it('is no larger for very many accounts than a process can carry', () => {
    const hasRoom = createSample({ now: clock.now });
    const followed = Array.from({ length: 2_000 }, (_, n) => hasRoom(`account-${n}`));
    expect(followed.filter(Boolean)).toHaveLength(500);
    clock.advance(1_000);
    expect(hasRoom('one more')).toBe(true);
  });

  it('goes on when the clock is put back', () => {
    const hasRoom = createSample({ now: clock.now });
    countFollowed(hasRoom, 'acme', 50);
    clock.advance(-60_000);
    expect(hasRoom('acme')).toBe(false);
    clock.advance(1_000);
    expect(hasRoom('acme')).toBe(true);
  });
});
