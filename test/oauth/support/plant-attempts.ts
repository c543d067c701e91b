import type { Browser } from '../../support/browser/browser.ts';

/** What a neighbouring host, or anybody on plain http, can do to a browser. */
export function plantAttempts(from: Browser, into: Browser): void {
  for (const [name, cookie] of from.cookies)
    if (name.includes('attempt')) into.cookies.set(name, cookie);
}
