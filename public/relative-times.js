/** Turns `<time data-relative>` into "3 minutes ago"; the exact local time moves to the title. */
const REFRESH_EVERY_MS = 30_000;
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

const language = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });

function describe(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  if (!unit) return 'just now';
  const [name, length] = unit;
  return relative.format(Math.trunc(seconds / length), name);
}

export function showRelativeTime(time) {
  const date = new Date(time.dateTime);
  time.textContent = describe(date);
  time.title = exact.format(date);
}

function showAll() {
  document.querySelectorAll('time[data-relative]').forEach(showRelativeTime);
}

showAll();
setInterval(showAll, REFRESH_EVERY_MS);
