import { parse } from 'cookie';
import type { Request, Response } from 'express';

const MONTH_MS = 30 * 24 * 60 * 60_000;

/** The cookie that holds the key of the browser's world. On https no other host can plant it. */
export function createWorldCookie({ isSecure }: { isSecure: boolean }) {
  const name = isSecure ? '__Host-sandbox_world' : 'sandbox_world';
  const attributes = { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' } as const;
  return {
    read: ({ headers }: Request): string => parse(headers.cookie ?? '')[name] ?? '',
    set(response: Response, key: string): void {
      response.cookie(name, key, { ...attributes, maxAge: MONTH_MS });
    },
    clear(response: Response): void {
      response.clearCookie(name, attributes);
    },
  };
}

export type WorldCookie = ReturnType<typeof createWorldCookie>;
