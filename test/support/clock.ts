export interface Clock {
  now: () => number;
  advance(ms: number): void;
}

/** A clock that moves only when told to. */
export function createClock(start = Date.UTC(2026, 0, 1)): Clock {
  let time = start;
  return {
    now: () => time,
    advance(ms) {
      time += ms;
    },
  };
}
