import { createHash, randomBytes } from 'node:crypto';
import { parse } from 'cookie';
import type { Request, Response } from 'express';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** 128 random bits. Whoever has it is the visitor: it is in one browser's cookie and nowhere else. */
export function newWorldKey(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * The world's id: 16 letters and digits (80 bits) of the key's hash. It stands in the names of accounts
 * and at the end of credentials, where the visitor's bot sees it; the key cannot be told from it.
 */
export function toWorldId(key: string): string {
  const bytes = createHash('sha256').update(key).digest().subarray(0, 16);
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** What ends the names and credentials of a world. */
export function toWorldSuffix(worldId: string): string {
  return `-${worldId}`;
}

/** The world that a name or credential belongs to, judged by its end alone. */
export function readWorldId(text: string): string | undefined {
  return /-([a-z2-7]{16})$/.exec(text)?.[1];
}

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
