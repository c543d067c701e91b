import { spellDuration } from '../../shared/spell-duration.ts';
import { durationOf, judgeOutcome, type RecentTrace } from '../recent.ts';

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** Of a spark line, in its own units. */
const WIDTH = 120;
const HEIGHT = 24;

interface Figure {
  label: string;
  value: string;
  /** Of an SVG of 120 by 24; null where there is nothing to see. */
  path: string | null;
  isProblem: boolean;
}

/**
 * The four numbers of the last hour. Our own messages that come back have no trace and so do not count; an
 * event that was tried several times counts once.
 */
export function countLastHour(traces: readonly RecentTrace[], now: number) {
  const begin = now - MINUTES * MINUTE_MS;
  const seen = new Set<string>();
  const settled = traces.filter(({ eventId, settledAt }) => {
    if (eventId === null || settledAt === null || settledAt < begin || seen.has(eventId))
      return false;
    seen.add(eventId);
    return true;
  });
  const minuteOf = ({ settledAt }: RecentTrace) =>
    Math.min(MINUTES - 1, Math.floor(((settledAt ?? begin) - begin) / MINUTE_MS));

  const count = (outcome: string, label: string): Figure => {
    const found = settled.filter((trace) => judgeOutcome(trace) === outcome);
    const minutes = Array.from({ length: MINUTES }, () => 0);
    for (const trace of found) minutes[minuteOf(trace)] = (minutes[minuteOf(trace)] ?? 0) + 1;
    return {
      label,
      value: found.length.toLocaleString('en'),
      path: found.length === 0 ? null : drawLine(minutes),
      isProblem: outcome === 'failed' && found.length > 0,
    };
  };
  const answers = settled.filter(
    (trace) => judgeOutcome(trace) === 'answered' || judgeOutcome(trace) === 'handed over',
  );
  const perMinute = Array.from({ length: MINUTES }, (): RecentTrace[] => []);
  for (const answer of answers) perMinute[minuteOf(answer)]?.push(answer);
  const median = medianOf(answers);
  return [
    count('answered', 'Answered'),
    count('handed over', 'Handed over'),
    count('failed', 'Failed'),
    {
      label: 'Median time',
      value: median === null ? '–' : spellDuration(median),
      path: median === null ? null : drawLine(carryOn(perMinute.map(medianOf))),
      isProblem: false,
    },
  ];
}

function medianOf(traces: readonly RecentTrace[]): number | null {
  const sorted = traces.map((trace) => durationOf(trace) ?? 0).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** A minute without an answer is as fast as the one before it. */
function carryOn(values: readonly (number | null)[]): number[] {
  let last = 0;
  return values.map((value) => (last = value ?? last));
}

function drawLine(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  const step = WIDTH / (values.length - 1);
  return values
    .map((value, index) => {
      const y = HEIGHT - 2 - (value / most) * (HEIGHT - 4);
      return `${index === 0 ? 'M' : 'L'}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
