import { expect, it } from 'vitest';
import { drawArrivals } from '../../../server/features/events/draw-arrivals.ts';
import { EVENTS_READ } from '../../../server/features/events/list-events.ts';

const NOW = Date.UTC(2026, 0, 1);
const ago = (minutes: number) => NOW - minutes * 60_000;

it('has no bars when nothing arrived', () => {
  expect(drawArrivals([], NOW)).toMatchObject({ bars: [], total: 0, begins: null });
});

it('draws one bar a minute, the newest on the right, the tallest to the top', () => {
  const { bars, total, most } = drawArrivals([ago(0.5), ago(0.2), ago(59.5)], NOW);

  expect(bars).toEqual([
    { x: 0, y: 50, width: 8, height: 50 },
    { x: 590, y: 0, width: 8, height: 100 },
  ]);
  expect({ total, most }).toEqual({ total: 3, most: 2 });
});

it('counts what another instance received by a clock that is ahead into the last minute', () => {
  expect(drawArrivals([NOW + 5_000], NOW).bars).toEqual([{ x: 590, y: 0, width: 8, height: 100 }]);
});

it('leaves a trace of one event beside a thousand', () => {
  const arrivals = [ago(10), ...Array.from({ length: 1_000 }, () => ago(1))];
  expect(drawArrivals(arrivals, NOW).bars[0]?.height).toBe(1);
});

it('says where it begins when more arrived than are read', () => {
  const arrivals = Array.from({ length: EVENTS_READ }, (_, index) => NOW - index);
  expect(drawArrivals(arrivals, NOW).begins).toBe(NOW - EVENTS_READ + 1);
});
