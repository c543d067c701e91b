import type { ConnectionsContext } from '../context.ts';
import type { Tokens } from '../provider.ts';
import { connectionOwner } from '../store/schema.ts';
import { expiryOf } from './token-answer.ts';

/** The secrets of a connection and of an OAuth client. */
export const ACCESS_TOKEN = 'access_token';
export const REFRESH_TOKEN = 'refresh_token';
export const CLIENT_SECRET = 'client_secret';

/** A renewal is one call with a time-out of ten seconds and a few statements. */
const WAIT_MS = 20_000;

/**
 * Whoever changes a connection's tokens does it in here, in whatever instance.
 * @throws LockUnavailableError
 */
export function holdTokens<Result>(
  { locks }: Pick<ConnectionsContext, 'locks'>,
  connectionId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return locks.withLock(`connection:${connectionId}`, { waitMs: WAIT_MS }, work);
}

/**
 * Stores new tokens, the refresh token first: from here on it is the only one that counts, so a crash
 * after the next line must not lose it.
 */
export async function keepTokens(
  { secrets, connections, now }: Pick<ConnectionsContext, 'secrets' | 'connections' | 'now'>,
  connectionId: string,
  { accessToken, refreshToken, expiresInMs, apiUrl, scopes }: Tokens,
): Promise<void> {
  const owner = connectionOwner(connectionId);
  if (refreshToken !== undefined) await secrets.put(owner, REFRESH_TOKEN, refreshToken);
  await secrets.put(owner, ACCESS_TOKEN, accessToken);
  await connections.update(connectionId, {
    token_expires_at: expiryOf(now(), expiresInMs),
    api_url: apiUrl ?? null,
    scopes: scopes?.join(' ') ?? null,
  });
}

export async function forgetTokens(
  { secrets, connections }: Pick<ConnectionsContext, 'secrets' | 'connections'>,
  connectionId: string,
): Promise<void> {
  const owner = connectionOwner(connectionId);
  await secrets.remove(owner, REFRESH_TOKEN);
  await secrets.remove(owner, ACCESS_TOKEN);
  await connections.update(connectionId, {
    token_expires_at: null,
    api_url: null,
    scopes: null,
  });
}
