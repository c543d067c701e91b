import type { Core } from '../../core.ts';
import { watchFetch } from '../../observe.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { openTools } from './bot-tools.ts';
import { createClientRoutes } from './pages/client-routes.ts';
import { createConnectionStores, type ConnectionsContext } from './context.ts';
import { revokeAll } from './end/end.ts';
import { RESTORABLE_MS } from './end/restore.ts';
import { createConnectionWork } from './health/work.ts';
import { createLinkRoutes } from './links/pages.ts';
import { createProviders, environment, providerModules } from './load-providers.ts';
import { createTurns } from './tokens/turns.ts';
import { ALL_LINES, type HistoryLine } from './store/connection-history.ts';
import { readKept } from './store/deleted-connections.ts';
import { connectionsMigration } from './store/migration.ts';
import { createMailChannel } from './notify/mail.ts';
import type { Channel } from './notify/notices.ts';
import { readAlertVariables } from './notify/variables.ts';
import { createWebhookChannel } from './notify/webhook.ts';
import type { Provider } from './provider.ts';
import { createRoutes } from './pages/routes.ts';
import { SANDBOX_CREDENTIALS } from './pages/sandbox-credentials.ts';
import { secretOwners } from './store/schema.ts';
import { describeConnections } from './pages/present.ts';
import { Router } from 'express';

const HISTORY_KEPT_MS = 365 * 24 * 60 * 60_000;

interface Options {
  /** Beside those of the folder. */
  providers?: readonly Provider[];
  /** How often to look for connections whose check is due. */
  pollMs?: number;
}

/** The accounts' connections to other services. */
export function createConnectionsFeature(options: Options = {}): Feature {
  return {
    name: 'connections',
    tab: { name: 'Connections', path: '/connections' },
    migrations: { '0001-initial': connectionsMigration },
    environment,
    secretOwners,
    sandbox: (standIn, publicUrl) => {
      const all = providerModules.map(({ sandbox }) => sandbox?.(standIn, publicUrl) ?? {});
      const variables = all.flatMap((one) => Object.entries(one));
      // Each visitor of a public demo has apps of their own, so no credentials are good for all.
      const isDemo = standIn.showDeveloper === undefined;
      return Object.fromEntries(
        variables.filter(([name]) => !isDemo || !name.endsWith(SANDBOX_CREDENTIALS)),
      );
    },
    posts: providerModules.flatMap(({ posts = [] }) => posts),
    open: (core) => open(core, options),
  };
}

export const connections = createConnectionsFeature();

function open(core: Core, { providers: more = [], pollMs = 15_000 }: Options): FeatureParts {
  const providers = createProviders(core, more);
  for (const { id } of providers) core.observe.occur('service-known', { service: id });
  const context: ConnectionsContext = {
    ...core,
    ...createConnectionStores(core),
    providers,
    channels: openChannels(core),
    turns: createTurns(core),
    renewals: new Map(),
  };
  for (const channel of ['webhook', 'mail']) core.observe.occur('channel-known', { channel });
  const endpoints = Router();
  for (const { openEndpoints } of providerModules)
    if (openEndpoints) endpoints.use(openEndpoints(context));
  const pages = Router();
  pages.use(
    createRoutes(context, core),
    createClientRoutes(context, core),
    createLinkRoutes(context, core),
  );

  return {
    endpoints,
    pages,
    cards: (installation) => describeConnections(context, installation),
    kept: [
      {
        what: 'Connections to other services: names, who gave access, and the credentials, encrypted',
        howLong: 'Until they are deleted, at the latest until removal',
      },
      {
        what: 'Connections that were deleted, to be restored: names and what was done to them, without credentials',
        howLong: '30 days',
      },
    ],
    describeData: (installationId) => describeData(context, installationId),
    tools: (attempt) => ({ connections: openTools(context, attempt) }),
    beforeRemoval: (installationId) => revokeAll(context, installationId),
    async deleteOld() {
      await context.connectionHistory.deleteOlderThan(HISTORY_KEPT_MS);
      await context.reconnectLinks.deleteOld();
      await context.deletedConnections.deleteOlderThan(RESTORABLE_MS);
    },
    exportData: (installationId) => ({
      oauthClients: exportClients(context, installationId),
      connections: exportConnections(context, installationId),
      deletedConnections: exportDeleted(context, installationId),
    }),
    work: createConnectionWork(context, pollMs),
  };
}

function openChannels({ config, observe, log, now }: Core): Channel[] {
  const { webhook, mail } = readAlertVariables(config.variables);
  return [
    ...(webhook
      ? [createWebhookChannel(webhook, { fetch: watchFetch(observe, 'alerts'), now })]
      : []),
    ...(mail ? [createMailChannel(mail, { publicUrl: config.publicUrl, log })] : []),
  ];
}

async function describeData({ connections: stored }: ConnectionsContext, installationId: string) {
  const all = await stored.list(installationId);
  if (all.length === 0) return ['OAuth clients of other services and their secrets'];
  const names = all.map(({ name }) => `“${name}”`).join(', ');
  const what = all.length === 1 ? 'the connection' : 'the connections';
  return [
    `${what} ${names}, with credentials and history. Access is withdrawn at the service if that can be reached`,
  ];
}

async function* exportConnections(context: ConnectionsContext, installationId: string) {
  for (const { state_hash: _, ...connection } of await context.connections.list(installationId)) {
    const lines = await context.connectionHistory.list(connection.id, ALL_LINES);
    yield { ...connection, history: lines.map(withoutActor) };
  }
}

/** Nobody gets the ids of the browsers that own an account. */
const withoutActor = ({ at, text, changes }: HistoryLine) => ({ at, text, changes });

async function* exportClients({ oauthClients }: ConnectionsContext, installationId: string) {
  yield* await oauthClients.list(installationId);
}

async function* exportDeleted(context: ConnectionsContext, installationId: string) {
  for (const { kept, ...deleted } of await context.deletedConnections.list(installationId)) {
    const { history, ...settings } = readKept(kept);
    yield { ...deleted, kept: { ...settings, history: history.map(withoutActor) } };
  }
}
