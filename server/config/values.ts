import { isIPv6 } from 'node:net';
import { compile } from 'proxy-addr';
import { z } from 'zod';
import { messageOf } from '../errors.ts';

/** `1`/`true` and `0`/`false`, as people write switches in `.env`. */
export const flag = z
  .enum(['1', '0', 'true', 'false'], { error: 'must be 1 or 0' })
  .transform((value) => value === '1' || value === 'true');

export const port = z
  .string()
  .refine(
    (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535,
    'must be a port number, for example 3000',
  )
  .transform(Number);

/** What a server listens on: an address of this machine, or a name that leads to one. */
export const host = z
  .string()
  .transform((value) => value.toLowerCase().replace(/^\[(.*)\]$/, '$1'))
  .refine(
    (value) => /^[\w.-]+$/.test(value) || isIPv6(value),
    'must be an address of this machine without a port, for example 127.0.0.1 or ::1, or 0.0.0.0 for every one',
  );

const ascii = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'has a space or a look-alike character: type it again by hand');

/** No service is asked with what belongs to one request or one user. */
export const baseUrl = ascii
  .refine((value) => !/[?#]/.test(value), 'must be an address without “?” and “#”')
  .refine((value) => !/^\w+:\/\/[^/]*@/.test(value), 'must be an address without a user name')
  .transform((value) => value.replace(/\/+$/, ''));

/**
 * An http(s) origin in the one form that everything compares: without a slash at the end or a default port,
 * in lower case. For example `https://bot.example.com`.
 */
export const origin = ascii.transform((value, context) => {
  const url = parseUrl(value);
  const problem = findOriginProblem(value, url);
  if (url !== undefined && problem === undefined) return url.origin;
  context.addIssue({
    code: 'custom',
    message: `must be ${problem}, for example https://bot.example.com`,
  });
  return z.NEVER;
});

function findOriginProblem(value: string, url: URL | undefined): string | undefined {
  if (url === undefined || !/^https?:\/\//i.test(value)) return 'an http(s) address';
  if (url.username !== '' || url.password !== '') return 'an address without a user name';
  if (/[?#]/.test(value)) return 'an address without “?” and “#”';
  return url.pathname === '/' ? undefined : 'an address without a path';
}

/** An http(s) address that may hold `{subdomain}`. */
export const urlTemplate = baseUrl.refine(
  (value) => /^https?:$/.test(parseUrl(value.replace('{subdomain}', 'acme'))?.protocol ?? ''),
  'must be an http(s) address, for example https://{subdomain}.zendesk.com/sc',
);

/** Whether the address is one of this machine: RFC 6761 §6.3 gives it every name below localhost, too. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Sent as an HTTP header: a line break or a character outside ASCII would make every call throw. */
export const headerValue = z
  .string()
  .regex(/^[\x20-\x7e]+$/, 'is sent as an HTTP header: use printable ASCII on one line');

/** Comma list, newest first: the first signs, every one verifies. */
export const secretList = listOf(z.string().min(32, 'every secret needs 32 characters or more'));

/** Comma list of `id:base64 of 32 bytes`, newest first: the first encrypts, every one decrypts. */
export const encryptionKeys = listOf(
  z
    .string()
    .regex(/^[\w-]+:[A-Za-z0-9+/_-]+={0,2}$/, 'every key is written id:base64, for example k1:…')
    .transform((entry) => {
      const [id = '', encoded = ''] = entry.split(':');
      return { id, key: Buffer.from(encoded, 'base64') };
    })
    .refine(
      ({ key }) => key.length === 32,
      'every key is 32 bytes in base64 (`openssl rand -base64 32`)',
    ),
).refine(
  (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
  'every key id may stand once',
);

/** Express's `trust proxy`: `true`, a number of hops, or a list of addresses. */
export const trustProxy = z.string().transform((value, context): boolean | number | string => {
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^\d+$/.test(value)) return Number(value);
  try {
    const addresses = splitList(value);
    // What Express will do with it.
    compile(addresses);
    return addresses.join();
  } catch (error) {
    const message = `must be true, a number of hops, or a list of addresses such as 10.0.0.0/8 (${messageOf(error)})`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

/** A comma list. */
export function listOf<Value>(entry: z.ZodType<Value, string>) {
  return z
    .string()
    .transform(splitList)
    .pipe(z.array(entry).min(1, 'has no value between its commas'));
}

/**
 * A secret file may have one a line, and each may stand in quotes of its own: of a list in which every entry
 * has them, the outermost are gone.
 */
function splitList(value: string): string[] {
  return value
    .split(/[,\n]/)
    .map((entry) => entry.trim().replace(/^['"`]+|['"`]+$/g, ''))
    .filter((entry) => entry !== '');
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}
