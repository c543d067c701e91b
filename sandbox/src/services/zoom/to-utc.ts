/**
 * The moment a wall clock in the time zone shows `local` (`2030-01-31T09:30:00`), as an ISO time;
 * undefined when there is no such time or zone.
 */
export function toUtc(local: string, timeZone: string): string | undefined {
  const asIfUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asIfUtc) || !isTimeZone(timeZone)) return undefined;
  // Swedish writes dates as ISO does.
  const shown = new Date(asIfUtc).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
  return new Date(2 * asIfUtc - Date.parse(`${shown}Z`)).toISOString();
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}
