import { timingSafeEqual } from 'node:crypto';

/** Compares in constant time: how long a refusal takes tells nothing of the secret but its length. */
export function isSameSecret(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** As fields are usually spelt, for what has to be told each of them beforehand, as the log has. */
export const SECRET_FIELDS: readonly string[] = [
  'access_token',
  'accessToken',
  'refresh_token',
  'refreshToken',
  'token',
  'tokens',
  'jwt',
  'client_secret',
  'clientSecret',
  'secret',
  'secrets',
  'password',
  'credentials',
  'authorization',
  'Authorization',
  'x-api-key',
  'X-API-Key',
  'apiKey',
  'cookie',
  'set-cookie',
  'state',
  'code_verifier',
  'codeVerifier',
  'signature',
];
