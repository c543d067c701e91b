import { isIP } from 'node:net';
import { z } from 'zod';
import { findPostgresUrlProblem } from '../store/postgres-url.ts';

/** `1`/`true` and `0`/`false`, as people write switches in `.env`. */
export const flag = z
  .enum(['1', '0', 'true', 'false'], { error: 'must be 1 or 0' })
  .transform((value) => value === '1' || value === 'true');

const asciiUrl = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'has a space or a look-alike character: type it again by hand')
  .transform((value) => value.replace(/\/+$/, ''));

/** An http(s) origin without a path, for example `https://bot.example.com`. */
export const origin = asciiUrl
  .transform((value) => value.toLowerCase())
  .refine(
    (value) =>
      /^https?:$/.test(parseUrl(value)?.protocol ?? '') && parseUrl(value)?.origin === value,
    'must be an address without a path, for example https://bot.example.com',
  );

/** An http(s) address that may hold `{subdomain}`. */
export const urlTemplate = asciiUrl.refine(
  (value) => /^https?:$/.test(parseUrl(value.replace('{subdomain}', 'acme'))?.protocol ?? ''),
  'must be an http(s) address, for example https://{subdomain}.zendesk.com/sc',
);

/** The address of another service, for example `https://zoom.us/oauth`. */
export const serviceUrl = asciiUrl.refine((value) => {
  const url = parseUrl(value);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
}, 'must be an https address; http is for this machine only');

/** Where a PostgreSQL is, for example `postgres://user:password@host:5432/database`. */
export const postgresUrl = z.string().superRefine((value, context) => {
  const message = findPostgresUrlProblem(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** Whether the address is one of this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** Sent as an HTTP header: a line break or a character outside ASCII would make every call throw. */
export const headerValue = z
  .string()
  .regex(/^[\x20-\x7e]+$/, 'is sent as an HTTP header: use printable ASCII on one line');

/** Comma list, newest first: the first signs, every one verifies. */
export const secretList = z
  .string()
  .transform(splitList)
  .pipe(z.array(z.string().min(32, 'every secret needs 32 characters or more')).min(1));

/** A password that comes in a header. */
export const bearerToken = z
  .string()
  .regex(
    /^[\x21-\x7e]{16,}$/,
    'needs 16 characters or more without spaces: `openssl rand -hex 32`',
  );

/** Comma list of `id:base64 of 32 bytes`, newest first: the first encrypts, every one decrypts. */
export const encryptionKeys = z
  .string()
  .transform(splitList)
  .pipe(
    z
      .array(
        z
          .string()
          .regex(
            /^[\w-]+:[A-Za-z0-9+/_-]+={0,2}$/,
            'every key is written id:base64, for example k1:…',
          )
          .transform((entry) => {
            const [id = '', encoded = ''] = entry.split(':');
            return { id, key: Buffer.from(encoded, 'base64') };
          })
          .refine(
            ({ key }) => key.length === 32,
            'every key is 32 bytes in base64 (`openssl rand -base64 32`)',
          ),
      )
      .min(1)
      .refine(
        (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
        'every key id may stand once',
      ),
  );

/** Express's `trust proxy`: `true`, a number of hops, or a list of addresses. */
export const trustProxy = z
  .string()
  .refine(
    (value) => /^(true|false|\d+)$/.test(value) || value.split(',').every(isProxyAddress),
    'must be true, a number of hops, or a list of addresses such as 10.0.0.0/8',
  )
  .transform((value): boolean | number | string => {
    if (value === 'true' || value === 'false') return value === 'true';
    return /^\d+$/.test(value) ? Number(value) : value;
  });

/** An address, with or without a prefix length, or one of Express's names for ranges. */
function isProxyAddress(value: string): boolean {
  const named = ['loopback', 'linklocal', 'uniquelocal'].includes(value.trim());
  const [address = '', prefix] = value.trim().split('/', 2);
  const version = isIP(address);
  const longest = version === 6 ? 128 : 32;
  const prefixFits = prefix === undefined || (Number(prefix) > 0 && Number(prefix) <= longest);
  return named || (version !== 0 && prefixFits);
}

function splitList(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}
