import { createHmac, randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { isSameSecret } from '../secrets.ts';
import { clientKey } from './client-key.ts';
import { readArrival } from './origin-mismatch.ts';
import { readCookie } from './read-cookie.ts';

export const DIAGNOSIS_PATH = '/diagnosis';
const VALID_MS = 5 * 60_000;

/** What the running app says about a request that `npm run doctor` sent through the public address. */
export const Diagnosis = z.object({
  /** The one it was started with. */
  publicUrl: z.string(),
  seen: z.string(),
  claimed: z.string(),
  /** X-Forwarded-For as it arrived, and whether TRUST_PROXY covers who sent it. */
  forwardedFor: z.string().nullable(),
  trusted: z.boolean(),
  /** Whom the rate limits count the request for. */
  address: z.string(),
  /** The value of the cookie that an earlier answer set. */
  cookie: z.string().nullable(),
});

/**
 * Answers whoever holds one of SESSION_SECRETS; for everybody else the page does not exist. The cookie
 * it sets is of the same kind as the session's.
 */
export function createDiagnosis(options: {
  secrets: readonly string[];
  publicUrl: string;
  now: () => number;
}): RequestHandler {
  const { secrets, publicUrl, now } = options;
  const cookie = diagnosisCookie(publicUrl);
  return (request, response, next) => {
    if (!isSigned(request.get('Authorization') ?? '', secrets, now())) return next();
    const answer: z.infer<typeof Diagnosis> = {
      publicUrl,
      ...readArrival(request),
      forwardedFor: request.get('X-Forwarded-For') ?? null,
      trusted: request.ips.length > 0,
      address: clientKey(request.ip),
      cookie: readCookie(request, cookie.name) ?? null,
    };
    const value = randomBytes(16).toString('base64url');
    response.cookie(cookie.name, value, {
      httpOnly: true,
      sameSite: 'lax',
      secure: cookie.secure,
      path: '/',
    });
    response.set('Cache-Control', 'no-store').json(answer);
  };
}

/** The Authorization header that opens the page for five minutes. */
export function signDiagnosis(secret: string, now: number): string {
  return `Bearer ${now}.${mac(secret, String(now))}`;
}

export function diagnosisCookie(publicUrl: string): { name: string; secure: boolean } {
  const secure = publicUrl.startsWith('https:');
  return { name: `${secure ? '__Host-' : ''}shopkeeper_diagnosis`, secure };
}

function isSigned(header: string, secrets: readonly string[], now: number): boolean {
  const [, at, signature = ''] = /^Bearer (\d{1,16})\.([\w-]+)$/.exec(header) ?? [];
  if (at === undefined || Math.abs(now - Number(at)) > VALID_MS) return false;
  return secrets.some((secret) => isSameSecret(signature, mac(secret, at)));
}

function mac(secret: string, at: string): string {
  return createHmac('sha256', secret).update(`diagnosis ${at}`).digest('base64url');
}
