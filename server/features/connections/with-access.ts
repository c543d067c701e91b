import type { FindProvider } from './find-provider.ts';
import type { GetAccess } from './get-access.ts';
import type { Access } from './provider.ts';
import { isTokenRejected, RemoteError } from '../../remote-error.ts';
import type { Connection } from './store/schema.ts';

export type WithAccess = <Value>(
  connection: Connection,
  work: (access: Access) => Promise<Value>,
) => Promise<Value>;

/**
 * Runs API calls with a connection; a token that is refused is renewed once and the work runs again. So
 * is a `custom` one without a scope: a token keeps the scopes it was issued with, a new one has today's.
 */
export function createWithAccess(options: {
  getAccess: GetAccess;
  findProvider: FindProvider;
}): WithAccess {
  function canBeRenewed(connection: Connection, error: unknown): boolean {
    if (!(error instanceof RemoteError)) return false;
    if (isTokenRejected(error)) return true;
    const { kind } = options.findProvider(connection.provider).classifyError(error);
    return kind === 'scope' && connection.auth_type === 'custom';
  }

  return async (connection, work) => {
    const access = await options.getAccess(connection);
    try {
      return await work(access);
    } catch (error) {
      if (!canBeRenewed(connection, error)) throw error;
      return await work(await options.getAccess(connection, access.accessToken));
    }
  };
}
