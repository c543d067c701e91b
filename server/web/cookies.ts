import { parse } from 'cookie';
import type { Request } from 'express';
import { AppError } from '../errors.ts';

/**
 * What a cookie of ours is called and how it is set: out of reach for scripts and for other sites. With
 * `__Host-`, on https, a browser takes it from this host alone, over https, and for all paths.
 */
export function ownCookie(publicUrl: string, name: string) {
  const secure = publicUrl.startsWith('https:');
  return {
    name: `${secure ? '__Host-' : ''}${name}`,
    options: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
  } as const;
}

/**
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

/** All of them, one by one: of the whole header, `parse` keeps the first of each name. */
export function readCookies({ headers }: Request): { name: string; value: string }[] {
  return (headers.cookie ?? '')
    .split(';')
    .flatMap((pair) => Object.entries(parse(pair)))
    .map(([name, value]) => ({ name, value }));
}
