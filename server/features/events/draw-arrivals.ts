import { EVENTS_READ } from './list-events.ts';

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** The span the chart shows. */
export const ARRIVALS_MS = MINUTES * MINUTE_MS;

/** In units of the chart's view box; a bar is one minute. */
const PITCH = 10;
const BAR_WIDTH = 8;
const HEIGHT = 100;

/** How many events arrived in each of the last sixty minutes, as bars of a chart. */
export function drawArrivals(arrivals: readonly number[], now: number) {
  const counts = Array.from({ length: MINUTES }, () => 0);
  for (const at of arrivals) {
    const minute = MINUTES - 1 - Math.floor((now - at) / MINUTE_MS);
    // Another instance's clock may be a little ahead.
    const index = Math.min(minute, MINUTES - 1);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  const bars = counts.flatMap((count, minute) => {
    if (count === 0) return [];
    const height = Math.max(1, Math.round((count / most) * HEIGHT));
    return [{ x: minute * PITCH, y: HEIGHT - height, width: BAR_WIDTH, height }];
  });
  return {
    bars,
    viewBox: `0 0 ${MINUTES * PITCH} ${HEIGHT}`,
    total: arrivals.length,
    most,
    /** Null unless there were more than are read: then the chart begins only here. */
    begins: arrivals.length < EVENTS_READ ? null : Math.min(...arrivals),
  };
}
