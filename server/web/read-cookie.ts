import type { Request } from 'express';
import { AppError } from '../errors.ts';

/**
 * One cookie of the request; ours hold base64url only, so nothing needs decoding.
 * @throws AppError `cookie_repeated` when the browser sent two of that name: a neighbouring host may have
 * set the other one, and nothing says which is ours.
 */
export function readCookie(request: Request, name: string): string | undefined {
  const values = readCookies(request).filter((cookie) => cookie.name === name);
  if (values.length < 2) return values[0]?.value;
  const text = `Your browser sent the cookie “${name}” twice, so nobody can tell which of them is ours.`;
  const hint =
    'Delete the cookies of this site and of its parent domain in your browser, then start again.';
  throw new AppError('cookie_repeated', text, hint);
}

/** All of them, as they stand in the header. */
export function readCookies({ headers }: Request): { name: string; value: string }[] {
  return (headers.cookie ?? '').split(';').map((pair) => {
    const end = pair.indexOf('=');
    return { name: pair.slice(0, end).trim(), value: pair.slice(end + 1).trim() };
  });
}
