import { Router, raw } from 'express';
import type { Core } from '../../core.ts';
import { acceptForm } from '../../web/forms.ts';
import { limitPerMinute, limitRefusedPerMinute } from '../../web/rate-limits.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { createConnections } from './create-connections.ts';
import { createProviders } from './load-providers.ts';
import { connectionsMigration } from './migration.ts';
import type { CreateProvider } from './provider.ts';
import { connectToSandbox } from './sandbox.ts';
import { secretOwners } from './store/schema.ts';
import { createConnectionStores } from './store/stores.ts';
import { environment, readConnectionConfig } from './variables.ts';

const HISTORY_KEPT_MS = 365 * 24 * 60 * 60_000;
/** More than a connection ever has. */
const HISTORY_LINES = 10_000;

/** How often to look for connections whose check is due. */
const POLL_MS = 15_000;

/** The accounts' connections to other services; `providers` beside those of the folder. */
export function createConnectionsFeature(
  options: { providers?: readonly CreateProvider[]; pollMs?: number } = {},
): Feature {
  return {
    name: 'connections',
    hasStyles: true,
    migrations: { '0001-initial': connectionsMigration },
    environment,
    secretOwners,
    sandbox: connectToSandbox,
    posts: [{ path: '/zoom/events', status: 401 }],
    open: (core) => open(core, options),
  };
}

function open(
  core: Core,
  options: { providers?: readonly CreateProvider[]; pollMs?: number },
): FeatureParts {
  const stores = { ...core, ...createConnectionStores(core) };
  const config = readConnectionConfig(core.config.variables);
  const providers = createProviders(config, core.observe, options.providers ?? []);
  for (const { id } of providers) core.observe.occur('service-known', { service: id });
  const feature = createConnections({
    config,
    publicUrl: core.config.publicUrl,
    providers,
    stores,
    pollMs: options.pollMs ?? POLL_MS,
    observe: core.observe,
    now: core.now,
    log: core.log,
  });
  const { handlers, describeConnections } = feature;
  const { form } = core;
  const testing = acceptForm(20);

  const endpoints = Router();
  endpoints.post(
    '/zoom/events',
    limitRefusedPerMinute(120),
    handlers.refuseOddZoomEvents,
    raw({ limit: '64kb', type: () => true }),
    handlers.receiveZoomEvents,
  );

  const pages = Router();
  const connections = '/installations/:id/connections';
  pages.get(connections, handlers.listConnections);
  pages.post(connections, testing, handlers.addConnection);
  pages.get(`${connections}/new`, handlers.newConnection);
  pages.get(`${connections}/:connectionId`, handlers.showConnection);
  pages.post(`${connections}/:connectionId`, testing, handlers.editConnection);
  pages.post(`${connections}/:connectionId/test`, testing, handlers.testConnection);
  pages.post(`${connections}/:connectionId/reconnect`, form, handlers.reconnect);
  pages.get(`${connections}/:connectionId/authorize`, handlers.showAuthorize);
  pages.post(`${connections}/:connectionId/disable`, form, handlers.disable);
  pages.post(`${connections}/:connectionId/enable`, testing, handlers.enable);
  pages.post(`${connections}/:connectionId/delete`, form, handlers.deleteConnection);
  pages.get(
    '/connections/callback/:provider',
    limitPerMinute(60),
    handlers.finishAuthorization,
    handlers.authorizationProblemPage,
  );
  const clients = '/installations/:id/oauth-clients';
  pages.get(clients, handlers.listClients);
  pages.post(clients, form, handlers.addClient);
  pages.get(`${clients}/new`, handlers.newClient);
  pages.get(`${clients}/:clientId`, handlers.showClient);
  pages.post(`${clients}/:clientId`, form, handlers.editClient);
  pages.post(`${clients}/:clientId/delete`, form, handlers.deleteClient);

  async function* exportConnections(installationId: string) {
    for (const connection of await stores.connections.list(installationId)) {
      const lines = await stores.connectionHistory.list(connection.id, HISTORY_LINES);
      const history = lines.map(({ text, changes, at }) => ({ at, text, changes }));
      yield { ...connection, history };
    }
  }
  async function* exportClients(installationId: string) {
    yield* await stores.oauthClients.list(installationId);
  }

  return {
    endpoints,
    pages,
    cards: async (installation) => [
      {
        place: 'side',
        view: 'connections/sections/card',
        locals: { connections: await describeConnections(installation) },
      },
    ],
    kept: [
      {
        what: 'Connections to other services: names, who gave access, and the credentials, encrypted',
        howLong: 'Until they are deleted, at the latest until removal',
      },
    ],
    async describeData(installationId) {
      const all = await stores.connections.list(installationId);
      if (all.length === 0) return ['OAuth clients of other services and their secrets'];
      const names = all.map(({ name }) => `“${name}”`).join(', ');
      const what = all.length === 1 ? 'the connection' : 'the connections';
      return [
        `${what} ${names}, with credentials and history. Access is withdrawn at the service if that can be reached`,
      ];
    },
    tools: (installation) => ({ connections: feature.openConnections(installation) }),
    beforeRemoval: feature.revokeConnections,
    deleteOld: () => stores.connectionHistory.deleteOlderThan(HISTORY_KEPT_MS),
    exportData: (installationId) => ({
      oauthClients: exportClients(installationId),
      connections: exportConnections(installationId),
    }),
    work: feature.checks,
  };
}

export const connections = createConnectionsFeature();
