import type { ConnectionStore } from './store/connections.ts';
import type { Locks } from '../../store/tables/locks.ts';
import type { SecretStore } from '../../store/secrets/secrets.ts';
import type { FindClient } from './find-client.ts';
import { TOKEN_LOCK_TIMES, tokenLock } from './get-access.ts';
import type { Identity } from './provider.ts';
import { type Connection, connectionOwner } from './store/schema.ts';

export type LinkUser = (connection: Connection, identity: Identity) => Promise<Connection>;

/**
 * When the same user authorizes the same client a second time, Zoom ends the first authorization (4741).
 * So the connection that had it gets the new tokens, instead of dying; answers the one that has them now.
 */
export function createLinkUser(options: {
  connections: ConnectionStore;
  secrets: SecretStore;
  locks: Locks;
  findClient: FindClient;
}): LinkUser {
  const { connections, secrets } = options;

  async function findTwin(
    connection: Connection,
    { userId, accountId }: Identity,
  ): Promise<Connection | undefined> {
    if (userId === null) return undefined;
    const { clientId } = await options.findClient(connection);
    const { provider, id, installation_id: installationId } = connection;
    const all = await connections.listOfUser({ provider, clientId, userId, accountId });
    return all.find((other) => other.installation_id === installationId && other.id !== id);
  }

  return async (connection, identity) => {
    const twin = await findTwin(connection, identity);
    if (twin === undefined) return connection;
    await options.locks.withLock(tokenLock(twin.id), TOKEN_LOCK_TIMES, async () => {
      await secrets.move(connectionOwner(connection.id), connectionOwner(twin.id));
      await connections.update(twin.id, {
        oauth_client_id: connection.oauth_client_id,
        token_expires_at: connection.token_expires_at,
        api_url: connection.api_url,
      });
    });
    if (connection.connected_at === null) {
      await connections.remove(connection.id);
    } else {
      const reason = `Its authorization went to “${twin.name}”, which belongs to the same user. Reconnect it as somebody else.`;
      await connections.update(connection.id, {
        status: 'needs_reconnect',
        reason,
        check_at: null,
      });
    }
    return twin;
  };
}
