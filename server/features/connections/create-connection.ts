import { randomUUID } from 'node:crypto';
import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { ConnectionHistory } from './store/connection-history.ts';
import type { ConnectionStore, NewConnection } from './store/connections.ts';
import { isUniqueViolation } from '../../store/engines/database.ts';
import type { Connection } from './store/schema.ts';

type NewConnectionInput = Pick<
  NewConnection,
  'installation_id' | 'provider' | 'name' | 'auth_type' | 'oauth_client_id'
> &
  Pick<Connection, 'status' | 'reason'>;

/** Undefined when the account has a connection of that name. */
export type CreateConnection = (
  input: NewConnectionInput,
  actor: string,
) => Promise<Connection | undefined>;

export function createCreateConnection(options: {
  connections: ConnectionStore;
  history: ConnectionHistory;
  activityLog: ActivityLog;
}): CreateConnection {
  return async (input, actor) => {
    try {
      const connection = await options.connections.create({
        ...input,
        id: randomUUID(),
        account_id: null,
        client_id: null,
        host_user: null,
      });
      await options.history.add(connection.id, { actor, text: 'Created.' });
      const line = `The connection “${connection.name}” was added.`;
      await options.activityLog.add(connection.installation_id, 'connection', line);
      return connection;
    } catch (error) {
      if (isUniqueViolation(error)) return undefined;
      throw error;
    }
  };
}
