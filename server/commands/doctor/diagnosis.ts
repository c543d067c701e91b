import { createHmac, randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { parseJson } from '../../parse-json.ts';
import { isSameSecret } from '../../secrets.ts';
import { ownCookie, readCookie } from '../../web/cookies.ts';
import { clientKey } from '../../web/rate-limits.ts';
import { readArrival } from './arrival.ts';
import { askUrl } from './ask-url.ts';

export const DIAGNOSIS_PATH = '/diagnosis';
const VALID_MS = 5 * 60_000;

/** Reserved for documentation (RFC 5737): nobody has it, so whoever believes it believes anything. */
export const MADE_UP_ADDRESS = '192.0.2.1';

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

export interface Told {
  diagnosis: z.infer<typeof Diagnosis>;
  setCookies: string[];
}

/** Of the same kind as the session's. */
export const diagnosisCookie = (publicUrl: string) => ownCookie(publicUrl, 'shopkeeper_diagnosis');

/**
 * In the running app: answers whoever holds one of SESSION_SECRETS, and sets the cookie; for everybody else
 * the page does not exist.
 */
export function answerDiagnosis(options: {
  secrets: readonly string[];
  publicUrl: string;
  now: () => number;
}): RequestHandler {
  const { secrets, publicUrl, now } = options;
  const cookie = diagnosisCookie(publicUrl);
  return (request, response, next) => {
    if (!isSigned(request.get('Authorization') ?? '', secrets, now())) return next();
    const answer: Told['diagnosis'] = {
      publicUrl,
      ...readArrival(request),
      forwardedFor: request.get('X-Forwarded-For') ?? null,
      trusted: request.ips.length > 0,
      address: clientKey(request.ip),
      cookie: readCookie(request, cookie.name) ?? null,
    };
    response.cookie(cookie.name, randomBytes(16).toString('base64url'), cookie.options);
    response.set('Cache-Control', 'no-store').json(answer);
  };
}

/**
 * In the doctor: asks what the running app saw of a request to its public address; undefined when whoever
 * answers does not know our session secret.
 * @throws NoAnswerError
 */
export async function askDiagnosis(options: {
  publicUrl: string;
  secret: string;
  timeoutMs: number;
  now: () => number;
  cookie?: string | undefined;
}): Promise<Told | undefined> {
  const { headers, text } = await askUrl(`${options.publicUrl}${DIAGNOSIS_PATH}`, {
    timeoutMs: options.timeoutMs,
    headers: {
      Authorization: signDiagnosis(options.secret, options.now()),
      'X-Forwarded-For': MADE_UP_ADDRESS,
      ...(options.cookie === undefined ? {} : { Cookie: options.cookie }),
    },
  });
  const diagnosis = Diagnosis.safeParse(parseJson(text)).data;
  return diagnosis === undefined ? undefined : { diagnosis, setCookies: headers.getSetCookie() };
}

/** The Authorization header that opens the page for five minutes. */
export function signDiagnosis(secret: string, now: number): string {
  return `Bearer ${now}.${mac(secret, String(now))}`;
}

function isSigned(header: string, secrets: readonly string[], now: number): boolean {
  const [, at, signature = ''] = /^Bearer (\d{1,16})\.([\w-]+)$/.exec(header) ?? [];
  if (at === undefined || Math.abs(now - Number(at)) > VALID_MS) return false;
  return secrets.some((secret) => isSameSecret(signature, mac(secret, at)));
}

function mac(secret: string, at: string): string {
  return createHmac('sha256', secret).update(`diagnosis ${at}`).digest('base64url');
}
