import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { ConnectionStore } from './store/connections.ts';
import { nameOwner } from '../../store/tables/installation-owners.ts';
import { describeFailure } from './classify-failure.ts';
import type { FindClient } from './find-client.ts';
import type { FindProvider } from './find-provider.ts';
import { NotAuthorizedError, type GetAccess } from './get-access.ts';
import type { Connection } from './store/schema.ts';

export type RevokeConnection = (connection: Connection) => Promise<boolean>;

/**
 * Withdraws a connection's access at the provider; true when it has none any more. A `custom` one is
 * withdrawn by its account, where the app is.
 */
export function createRevokeConnection(options: {
  getAccess: GetAccess;
  findProvider: FindProvider;
  findClient: FindClient;
}): RevokeConnection {
  return async (connection) => {
    if (connection.auth_type === 'custom') return true;
    const provider = options.findProvider(connection.provider);
    try {
      const { accessToken } = await options.getAccess(connection);
      await provider.revoke(await options.findClient(connection), accessToken);
      return true;
    } catch (error) {
      if (error instanceof NotAuthorizedError) return true;
      const failure = describeFailure(provider, error);
      if (failure === undefined) throw error;
      return failure.kind === 'dead';
    }
  };
}

export type DeleteConnection = (
  connection: Connection,
  options: { withoutRevoking: boolean; ownerId: string },
) => Promise<boolean>;

/**
 * Revokes first and forgets afterwards, so that a failure leaves something to try again with. False,
 * and nothing is deleted, when the provider could not be told and that matters to the owner.
 */
export function createDeleteConnection(options: {
  connections: ConnectionStore;
  activityLog: ActivityLog;
  revoke: RevokeConnection;
}): DeleteConnection {
  return async (connection, { withoutRevoking, ownerId }) => {
    const isRevoked = withoutRevoking ? false : await options.revoke(connection);
    if (!isRevoked && !withoutRevoking) return false;
    await options.connections.remove(connection.id);
    const end = isRevoked ? '' : ' Its access at the provider was not revoked.';
    const line = `The connection “${connection.name}” was deleted by ${nameOwner(ownerId)}.${end}`;
    await options.activityLog.add(connection.installation_id, 'connection', line);
    return true;
  };
}
