import type { Request, Response } from 'express';
import { SHOPKEEPER, type ConnectionHistory } from './store/connection-history.ts';
import type { ConnectionStore } from './store/connections.ts';
import type { OAuthClientStore } from './store/oauth-clients.ts';
import type { Installation } from '../../store/schema.ts';
import { TypedForm, type FieldErrors } from './forms.ts';
import { pickConnection } from './open-connections.ts';
import { paths } from './paths.ts';
import { presentConnection } from './present-connection.ts';
import type { Provider } from './provider.ts';
import type { Connection } from './store/schema.ts';

const HISTORY_LINES = 50;

export type ShowConnection = (
  request: Request,
  response: Response,
  at: { installation: Installation; connection: Connection },
  /** What was typed and what is wrong with it, when the edit comes back. */
  attempt?: { body: unknown; errors: FieldErrors; problem?: string | undefined },
) => Promise<void>;

/** The page of one connection: state, buttons, edit, who uses it, history, delete. */
export function createShowConnection(options: {
  providers: readonly Provider[];
  connections: ConnectionStore;
  oauthClients: OAuthClientStore;
  history: ConnectionHistory;
}): ShowConnection {
  return async (request, response, { installation, connection }, attempt) => {
    const { providers } = options;
    const { id: installationId } = installation;
    const [all, clients, history] = await Promise.all([
      options.connections.list(installationId),
      options.oauthClients.list(installationId),
      options.history.list(connection.id, HISTORY_LINES),
    ]);
    const picked = pickConnection(all, connection.provider);
    const client = clients.find(({ id }) => id === connection.oauth_client_id);
    response.status(attempt === undefined ? 200 : 422).render('connections/show', {
      title: connection.name,
      installation: { id: installationId, name: installation.display_name },
      listHref: paths.list(installationId),
      connection: presentConnection(connection, providers),
      usedFor: providers.find(({ id }) => id === connection.provider)?.usedFor ?? null,
      /** The one the bot uses instead, if it is not this one. */
      usedInstead: picked === undefined || picked.id === connection.id ? null : picked.name,
      client:
        client === undefined
          ? null
          : { name: client.name, href: paths.client(installationId, client.id) },
      clients: clients
        .filter(({ provider }) => provider === connection.provider)
        .map(({ id, name }) => ({ id, name })),
      typed:
        attempt === undefined
          ? {
              name: connection.name,
              oauthClientId: connection.oauth_client_id,
              accountId: connection.account_id,
              clientId: connection.client_id,
              hostUser: connection.host_user,
              keepIfFailing: '',
            }
          : TypedForm.parse(attempt.body ?? {}),
      errors: attempt?.errors ?? {},
      problem: attempt?.problem ?? null,
      history: history.map((line) => ({ ...line, actor: nameActor(request, line.actor) })),
    });
  };
}

function nameActor(request: Request, actor: string): string {
  if (actor === SHOPKEEPER) return 'Shopkeeper';
  return actor === request.session.ownerId ? 'You' : 'Another owner';
}
