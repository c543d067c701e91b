import type { Observe } from '../../observe.ts';
import type { ConnectionStore } from './store/connections.ts';
import { LockUnavailableError, type Locks } from '../../store/tables/locks.ts';
import type { SecretStore } from '../../store/secrets/secrets.ts';
import { ACCESS_TOKEN, REFRESH_TOKEN, type FindClient } from './find-client.ts';
import type { FindProvider } from './find-provider.ts';
import type { ForgetTokens, KeepTokens } from './keep-tokens.ts';
import type { Access, Tokens } from './provider.ts';
import { RemoteError } from '../../remote-error.ts';
import { type Connection, connectionOwner } from './store/schema.ts';

/** Renewed this long before it expires, so that no call is made with a token that ends on the way. */
export const RENEW_BEFORE_MS = 5 * 60_000;

/** Whoever changes a connection's tokens holds this lock, in whatever instance. */
export const tokenLock = (connectionId: string) => `connection:${connectionId}`;
/** A renewal is one call with a time-out of ten seconds and a few statements. */
export const TOKEN_LOCK_TIMES = { waitMs: 20_000 };

/** There is nothing to get access with: never authorized, or the authorization has ended. */
export class NotAuthorizedError extends Error {}

/**
 * A token that can be used now. `rejected` is one the provider has just refused.
 * @throws RemoteError, NotAuthorizedError
 */
export type GetAccess = (connection: Pick<Connection, 'id'>, rejected?: string) => Promise<Access>;

/** Renews tokens when needed: once per process, and once across instances. */
export function createGetAccess(options: {
  connections: ConnectionStore;
  secrets: SecretStore;
  locks: Locks;
  findProvider: FindProvider;
  findClient: FindClient;
  keepTokens: KeepTokens;
  forgetTokens: ForgetTokens;
  /** How a renewal ended: `renewed`, or the kind of its failure. */
  observe: Pick<Observe, 'occur'>;
  now: () => number;
}): GetAccess {
  const { connections, secrets, now } = options;
  const flights = new Map<string, Promise<Access>>();

  async function readUsable(
    connection: Connection,
    { rejected, validForMs }: { rejected: string | undefined; validForMs: number },
  ): Promise<Access | undefined> {
    const accessToken = await secrets.get(connectionOwner(connection.id), ACCESS_TOKEN);
    const expiresAt = connection.token_expires_at ?? Infinity;
    if (accessToken === undefined || accessToken === rejected) return undefined;
    return expiresAt - now() > validForMs ? toAccess(connection, accessToken) : undefined;
  }

  async function findRow(id: string): Promise<Connection> {
    const connection = await connections.find(id);
    if (connection === undefined) throw new NotAuthorizedError();
    return connection;
  }

  async function renewOnce(id: string, rejected: string | undefined): Promise<Access> {
    // Somebody else may have renewed it while we waited for the lock.
    const connection = await findRow(id);
    const renewed = await readUsable(connection, { rejected, validForMs: RENEW_BEFORE_MS });
    if (renewed !== undefined) return renewed;
    try {
      const tokens = await requestTokens(connection);
      await options.keepTokens(id, tokens);
      options.observe.occur('token-refreshed', { service: connection.provider, result: 'renewed' });
      return { ...toAccess(connection, tokens.accessToken), apiUrl: tokens.apiUrl ?? null };
    } catch (error) {
      countFailure(connection.provider, error);
      const usable = await findWayOut(connection, rejected, error);
      if (usable === undefined) throw error;
      return usable;
    }
  }

  function countFailure(provider: string, error: unknown): void {
    if (!(error instanceof RemoteError)) return;
    const { kind } = options.findProvider(provider).classifyError(error);
    options.observe.occur('token-refreshed', { service: provider, result: kind });
  }

  async function requestTokens(connection: Connection): Promise<Tokens> {
    const provider = options.findProvider(connection.provider);
    if (connection.auth_type === 'custom' && provider.requestAccess !== undefined) {
      const client = await options.findClient(connection);
      return provider.requestAccess(client, connection.account_id ?? '');
    }
    const owner = connectionOwner(connection.id);
    const refreshToken = await secrets.get(owner, REFRESH_TOKEN);
    if (refreshToken === undefined) throw new NotAuthorizedError();
    try {
      return await provider.refresh(await options.findClient(connection), refreshToken);
    } catch (error) {
      const isDead = error instanceof RemoteError && provider.classifyError(error).kind === 'dead';
      // Only the token that was refused is dead; a newer one, from wherever, is not.
      if (isDead && (await secrets.get(owner, REFRESH_TOKEN)) === refreshToken)
        await options.forgetTokens(connection.id);
      throw error;
    }
  }

  /** After a failed renewal: a token of somebody who was faster, or the old one for its last minutes. */
  async function findWayOut(
    { id, provider }: Connection,
    rejected: string | undefined,
    error: unknown,
  ): Promise<Access | undefined> {
    if (!(error instanceof RemoteError)) return undefined;
    const isDead = options.findProvider(provider).classifyError(error).kind === 'dead';
    return readUsable(await findRow(id), { rejected, validForMs: isDead ? RENEW_BEFORE_MS : 0 });
  }

  return async ({ id }, rejected) => {
    // The row is read before the token, because it is written after it.
    const connection = await findRow(id);
    const usable = await readUsable(connection, { rejected, validForMs: RENEW_BEFORE_MS });
    if (usable !== undefined) return usable;
    const flight =
      flights.get(id) ??
      options.locks
        .withLock(tokenLock(id), TOKEN_LOCK_TIMES, () => renewOnce(id, rejected))
        .catch((error: unknown) => {
          if (!(error instanceof LockUnavailableError)) throw error;
          throw new RemoteError('Token', { reason: 'it is being renewed', cause: error });
        })
        .finally(() => flights.delete(id));
    flights.set(id, flight);
    return flight;
  };
}

function toAccess(connection: Connection, accessToken: string): Access {
  return {
    accessToken,
    apiUrl: connection.api_url,
    authType: connection.auth_type,
    hostUser: connection.host_user,
  };
}
