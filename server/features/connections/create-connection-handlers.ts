import type { RequestHandler } from 'express';
import type { ConnectionConfig } from './variables.ts';
import { notFound } from '../../errors.ts';
import { createFindOwned } from '../../installations/find-owned.ts';
import type { Log } from '../../log.ts';
import type { ConnectionStores } from './store/stores.ts';
import { problemPage } from '../../oauth/problems.ts';
import { createAddConnection } from './add-connection.ts';
import { createAddCustom } from './add-custom.ts';
import { createAddWithClient } from './add-with-client.ts';
import { createConnectionActions } from './connection-actions.ts';
import type { ConnectionServices } from './create-connection-services.ts';
import { createCreateConnection } from './create-connection.ts';
import { createEditConnection } from './edit-connection.ts';
import { createEditCustom } from './edit-custom.ts';
import { createEditWithClient } from './edit-with-client.ts';
import { createFindOwnedClient, createFindOwnedConnection } from './find-owned-connection.ts';
import { createFinishAuthorization } from './finish-authorization.ts';
import { createOAuthClients } from './keep-oauth-clients.ts';
import { createOAuthClientPages } from './oauth-client-pages.ts';
import type { Provider } from './provider.ts';
import { createReceiveZoomEvents, createRefuseOddZoomEvents } from './receive-zoom-events.ts';
import { createShowConnection } from './show-connection.ts';
import { createShowConnections } from './show-connections.ts';
import { createShowNewConnection, readChoice } from './show-new-connection.ts';
import { createShowAuthorize } from './start-authorization.ts';

/** The routes of connections and OAuth clients, the redirect URI, and Zoom's events. */
export function createConnectionHandlers(options: {
  config: ConnectionConfig;
  publicUrl: string;
  providers: readonly Provider[];
  stores: ConnectionStores;
  services: ConnectionServices;
  now: () => number;
  log: Log;
}) {
  const { config, publicUrl, providers, stores, services, now, log } = options;
  const oauth = { ...stores, config: { publicUrl }, now, log };
  const findOwned = createFindOwned(stores);
  const base = { ...services, ...stores, publicUrl, providers, oauth, findOwned };
  const clients = createOAuthClients({ ...stores, now });
  const createConnection = createCreateConnection(base);
  const findOwnedConnection = createFindOwnedConnection(base);
  const findOwnedClient = createFindOwnedClient(base);
  const showNew = createShowNewConnection(base);
  const show = createShowConnection(base);
  const pages = { ...base, clients, createConnection, findOwnedConnection };

  const newConnection: RequestHandler = async (request, response) => {
    const choice = readChoice(providers, request.query);
    if (choice === undefined) throw notFound();
    await showNew(response, await findOwned(request), choice);
  };

  return {
    listConnections: createShowConnections(base),
    newConnection,
    addConnection: createAddConnection({
      ...pages,
      showNew,
      addWithClient: createAddWithClient(pages),
      addCustom: createAddCustom(pages),
    }),
    showConnection: (async (request, response) =>
      show(request, response, await findOwnedConnection(request))) satisfies RequestHandler,
    editConnection: createEditConnection({
      ...pages,
      show,
      editWithClient: createEditWithClient(pages),
      editCustom: createEditCustom(pages),
    }),
    ...createConnectionActions(pages),
    ...createOAuthClientPages({ ...pages, findOwnedClient }),
    showAuthorize: createShowAuthorize(pages),
    finishAuthorization: createFinishAuthorization(base),
    authorizationProblemPage: problemPage(oauth, {
      service: 'the service',
      undone: 'Not authorized',
    }),
    refuseOddZoomEvents: createRefuseOddZoomEvents({ now }),
    receiveZoomEvents: createReceiveZoomEvents({
      secretTokens: config.zoom.webhookSecretTokens,
      forgetUser: services.forgetUser,
      now,
      log,
    }),
  };
}
