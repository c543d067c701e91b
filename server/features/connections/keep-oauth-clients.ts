import { randomUUID } from 'node:crypto';
import type { ConnectionStore } from './store/connections.ts';
import type { OAuthClientStore } from './store/oauth-clients.ts';
import type { SecretStore } from '../../store/secrets/secrets.ts';
import { CLIENT_SECRET } from './find-client.ts';
import { type OAuthClient, oauthClientOwner } from './store/schema.ts';

export interface OAuthClientInput {
  name: string;
  clientId: string;
  clientSecret: string;
}

export type OAuthClients = ReturnType<typeof createOAuthClients>;

/** Keeps OAuth clients together with their secrets. */
export function createOAuthClients(options: {
  oauthClients: OAuthClientStore;
  connections: ConnectionStore;
  secrets: SecretStore;
  now: () => number;
}) {
  const { oauthClients, secrets } = options;
  return {
    async create(
      { id: installationId }: { id: string },
      provider: string,
      { name, clientId, clientSecret }: OAuthClientInput,
    ): Promise<OAuthClient> {
      const client = await oauthClients.create({
        id: randomUUID(),
        installation_id: installationId,
        provider,
        name,
        client_id: clientId,
      });
      await secrets.put(oauthClientOwner(client.id), CLIENT_SECRET, clientSecret);
      return client;
    },

    /** Whatever uses it is tested soon: a new secret may break it, or repair it. */
    async edit(client: OAuthClient, { name, clientId, clientSecret }: OAuthClientInput) {
      await secrets.put(oauthClientOwner(client.id), CLIENT_SECRET, clientSecret);
      await oauthClients.update(client, { name, client_id: clientId });
      for (const { id, status } of await oauthClients.listUsers(client)) {
        if (status !== 'disabled')
          await options.connections.update(id, { check_at: options.now() });
      }
    },
  };
}
