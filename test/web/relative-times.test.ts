import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const NOON = Date.parse('2026-03-29T12:00:00Z');
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

interface Script {
  showTimes: (root: object) => void;
}

let script: Script;
beforeAll(async () => {
  vi.useFakeTimers({ now: NOON });
  const page = { documentElement: { lang: 'en' }, querySelectorAll: () => [] };
  vi.stubGlobal('document', page);
  script = await import(new URL('../../ui/relative-times.js', import.meta.url).href);
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What a page says of a moment that is so far from now. */
function say(ms: number): string {
  const dateTime = new Date(NOON + ms).toISOString();
  const time = { dateTime, dataset: { relative: '' }, textContent: '' };
  script.showTimes({ querySelectorAll: () => [time] });
  return time.textContent;
}

describe('the words for a time', () => {
  it.each([
    ['just now', -59 * SECOND_MS],
    ['1 minute ago', -61 * SECOND_MS],
    ['23 hours ago', -23 * HOUR_MS],
    // Not “yesterday”: it was the day before.
    ['1 day ago', -47 * HOUR_MS],
    ['2 days ago', -48 * HOUR_MS],
    ['in 1 day', 47 * HOUR_MS],
    // As the next attempt, for one: it is not over.
    ['in a moment', 27 * SECOND_MS],
    ['just now', 2 * SECOND_MS],
  ])('are “%s” of what is %d ms from now', (words, ms) => {
    expect(say(ms)).toBe(words);
  });
});
