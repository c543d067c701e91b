import type { Connection } from '../store/schema.ts';
import type { GetAccess } from './get-access.ts';
import type { Access } from './provider.ts';
import { ProviderError } from './provider-error.ts';

export type WithAccess = <Value>(
  connection: Connection,
  work: (access: Access) => Promise<Value>,
) => Promise<Value>;

/** Runs API calls with a connection; a token that is refused is renewed once and the work runs again. */
export function createWithAccess({ getAccess }: { getAccess: GetAccess }): WithAccess {
  return async (connection, work) => {
    const access = await getAccess(connection);
    try {
      return await work(access);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.status !== 401) throw error;
      return await work(await getAccess(connection, access.accessToken));
    }
  };
}
