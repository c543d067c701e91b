import { isTokenRejected, RemoteError } from '../../../remote-error.ts';
import { isForeignKeyViolation } from '../../../store/engines/database.ts';
import { LockUnavailableError } from '../../../store/tables/locks.ts';
import { outlast } from '../../../timers.ts';
import { findClient } from './clients.ts';
import { findProvider, type ConnectionsContext } from '../context.ts';
import type { Access, Tokens } from '../provider.ts';
import { connectionOwner, type Connection } from '../store/schema.ts';
import { readScopes } from './scopes.ts';
import { ACCESS_TOKEN, forgetTokens, holdTokens, keepTokens, REFRESH_TOKEN } from './tokens.ts';

/** Renewed this long before it expires, so that no call is made with a token that ends on the way. */
export const RENEW_BEFORE_MS = 5 * 60_000;

/** There is nothing to get access with: never authorized, or the authorization has ended. */
export class NotAuthorizedError extends Error {}

/**
 * Runs API calls with a connection; a token that is refused is renewed once and the work runs again. So
 * is a `custom` one without a scope: a token keeps the scopes it was issued with, a new one has today's.
 * @param eventId of the event that a handler needs it for.
 * @throws RemoteError, NotAuthorizedError
 */
export async function withAccess<Value>(
  context: ConnectionsContext,
  connection: Connection,
  work: (access: Access) => Promise<Value>,
  eventId?: string,
): Promise<Value> {
  async function run(): Promise<Value> {
    const access = await getAccess(context, connection);
    try {
      return await work(access);
    } catch (error) {
      if (!canBeRenewed(context, connection, error)) throw error;
      return await work(await getAccess(context, connection, access.accessToken));
    }
  }
  return watchCalls(context, connection, eventId, run);
}

/** While its owner debugs it, what the connection asks is in the timeline, and what it is answered. */
function watchCalls<Value>(
  { observe, now }: Pick<ConnectionsContext, 'observe' | 'now'>,
  { installation_id: installationId, name, debug_until: until }: Connection,
  eventId: string | undefined,
  run: () => Promise<Value>,
): Promise<Value> {
  if (until === null || until <= now()) return run();
  const title = `Calls of the connection “${name}”`;
  return observe.work({ installationId, kind: 'connection', title, eventId }, run);
}

function canBeRenewed(
  context: ConnectionsContext,
  connection: Connection,
  error: unknown,
): boolean {
  if (!(error instanceof RemoteError)) return false;
  if (isTokenRejected(error)) return true;
  const { kind } = findProvider(context, connection.provider).classifyError(error);
  return kind === 'scope' && connection.auth_type === 'custom';
}

/** A token asked for anew, whatever the one that is stored may be good for. @throws as `getAccess` */
export async function renewAccess(
  context: ConnectionsContext,
  { id }: Pick<Connection, 'id'>,
): Promise<Access> {
  const current = await context.secrets.get(connectionOwner(id), ACCESS_TOKEN);
  return getAccess(context, { id }, current);
}

/**
 * A token that can be used now, renewed when needed: once per process, and once across instances. `rejected`
 * is one the provider has just refused.
 * @throws RemoteError, NotAuthorizedError
 */
export async function getAccess(
  context: ConnectionsContext,
  { id }: Pick<Connection, 'id'>,
  rejected?: string,
): Promise<Access> {
  const { renewals } = context;
  // The row is read before the token, because it is written after it.
  const usable = await readUsable(context, await findRow(context, id), rejected);
  if (usable !== undefined) return usable;
  const renewal =
    renewals.get(id) ??
    holdTokens(context, id, () => renew(context, id, rejected))
      .catch((error: unknown) => {
        if (!(error instanceof LockUnavailableError)) throw error;
        throw new RemoteError('Token', { reason: 'it is being renewed', cause: error });
      })
      .finally(() => renewals.delete(id));
  renewals.set(id, renewal);
  return renewal;
}

async function findRow({ connections }: ConnectionsContext, id: string): Promise<Connection> {
  const connection = await connections.find(id);
  if (connection === undefined) throw new NotAuthorizedError();
  return connection;
}

async function readUsable(
  { secrets, now }: ConnectionsContext,
  connection: Connection,
  rejected: string | undefined,
  validForMs = RENEW_BEFORE_MS,
): Promise<Access | undefined> {
  const accessToken = await secrets.get(connectionOwner(connection.id), ACCESS_TOKEN);
  const expiresAt = connection.token_expires_at ?? Infinity;
  if (accessToken === undefined || accessToken === rejected) return undefined;
  return expiresAt - now() > validForMs ? toAccess(connection, accessToken) : undefined;
}

async function renew(
  context: ConnectionsContext,
  id: string,
  rejected: string | undefined,
): Promise<Access> {
  // Somebody else may have renewed it while we waited for the lock.
  const connection = await findRow(context, id);
  const renewed = await readUsable(context, connection, rejected);
  if (renewed !== undefined) return renewed;
  const { provider: service } = connection;
  try {
    const tokens = await requestTokens(context, connection);
    // The refresh token that is stored may have died of it, so a database that is away for some seconds must not
    // cost the connection. One that was deleted meanwhile needs none.
    await outlast(() => keepTokens(context, id, tokens), isForeignKeyViolation);
    context.observe.occur('token-refreshed', { service, result: 'renewed' });
    return { ...toAccess(connection, tokens.accessToken), apiUrl: tokens.apiUrl ?? null };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const { kind } = findProvider(context, service).classifyError(error);
    context.observe.occur('token-refreshed', { service, result: kind });
    // A token of somebody who was faster, or the old one for its last minutes.
    const validForMs = kind === 'dead' ? RENEW_BEFORE_MS : 0;
    const usable = await readUsable(context, await findRow(context, id), rejected, validForMs);
    if (usable === undefined) throw error;
    return usable;
  }
}

async function requestTokens(context: ConnectionsContext, connection: Connection): Promise<Tokens> {
  const provider = findProvider(context, connection.provider);
  if (connection.auth_type === 'custom' && provider.requestAccess !== undefined) {
    const client = await findClient(context, connection);
    return provider.requestAccess(client, connection.account_id ?? '');
  }
  const readRefreshToken = () => context.secrets.get(connectionOwner(connection.id), REFRESH_TOKEN);
  const refreshToken = await readRefreshToken();
  if (refreshToken === undefined) throw new NotAuthorizedError();
  try {
    const tokens = await provider.refresh(await findClient(context, connection), refreshToken);
    // Left out, they are as before (RFC 6749 §6).
    return { scopes: readScopes(connection.scopes), ...tokens };
  } catch (error) {
    const isDead = error instanceof RemoteError && provider.classifyError(error).kind === 'dead';
    // Only the token that was refused is dead; a newer one, from wherever, is not.
    if (isDead && (await readRefreshToken()) === refreshToken)
      await forgetTokens(context, connection.id);
    throw error;
  }
}

function toAccess(connection: Connection, accessToken: string): Access {
  return {
    accessToken,
    apiUrl: connection.api_url,
    authType: connection.auth_type,
    hostUser: connection.host_user,
  };
}
