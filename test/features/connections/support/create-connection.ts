import { randomUUID } from 'node:crypto';
import type { ConnectionsContext } from '../../../../server/features/connections/context.ts';
import type { Provider } from '../../../../server/features/connections/provider.ts';
import type { Connection } from '../../../../server/features/connections/store/schema.ts';
import { createClient } from '../../../../server/features/connections/tokens/clients.ts';

/** One that is connected, without tokens, in an account of its own. */
export async function createConnection(
  context: ConnectionsContext,
  { id: provider }: Pick<Provider, 'id'>,
): Promise<Connection> {
  const installation = await context.installations.create(randomUUID(), 'Acme');
  const input = { name: 'Client', clientId: 'id', clientSecret: 'secret' };
  const client = await createClient(context, installation, provider, input);
  return context.connections.create({
    id: randomUUID(),
    installation_id: installation.id,
    provider,
    name: 'Orders',
    auth_type: 'oauth2',
    oauth_client_id: client.id,
    account_id: null,
    client_id: null,
    host_user: null,
    status: 'connected',
    reason: null,
  });
}
