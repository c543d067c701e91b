/**
 * Times in the visitor's own words and zone, the exact one on hover: `<time data-relative>` becomes
 * "3 minutes ago", `<time data-elapsed>` "3 minutes", `<time data-clock>` the time of day, with the day if it is
 * another. Without this they say the server's.
 */

const REFRESH_EVERY_MS = 30_000;
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** Seconds by which the server's clock may be ahead of the visitor's: what lies so near is now. */
const NEAR = 5;

const language = document.documentElement.lang;
// In numbers: in words 40 hours ago would be “yesterday”, also where that was another day.
const relative = new Intl.RelativeTimeFormat(language);
const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });

const secondsTo = (date) => (date.getTime() - Date.now()) / 1000;
const findUnit = (seconds) => UNITS.find(([, length]) => Math.abs(seconds) >= length);

function describe(date) {
  const seconds = secondsTo(date);
  const unit = findUnit(seconds);
  if (!unit) return seconds > NEAR ? 'in a moment' : 'just now';
  const [name, length] = unit;
  return relative.format(Math.trunc(seconds / length), name);
}

function describeElapsed(date) {
  const seconds = -secondsTo(date);
  const unit = findUnit(seconds);
  if (!unit) return 'under a minute';
  const [name, length] = unit;
  const number = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: name,
    unitDisplay: 'long',
  });
  return number.format(Math.trunc(seconds / length));
}

function showClock(date) {
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

export function showTimes(root) {
  for (const time of root.querySelectorAll('time')) {
    const date = new Date(time.dateTime);
    time.title = exact.format(date);
    if ('relative' in time.dataset) time.textContent = describe(date);
    if ('elapsed' in time.dataset) time.textContent = describeElapsed(date);
    if ('clock' in time.dataset) time.textContent = showClock(date);
  }
}

showTimes(document);
setInterval(() => showTimes(document), REFRESH_EVERY_MS);
