import type { IncomingMessage, ServerResponse } from 'node:http';
import { createApp } from './app.ts';
import type { ShopkeeperConfig } from './config/load-config.ts';
import { connectZendesk } from './zendesk/connect-zendesk.ts';
import { createConnections } from './features/connections/create-connections.ts';
import type { Provider } from './features/connections/provider.ts';
import { createExplain } from './features/timeline/create-explain.ts';
import { forgetWhatIsOld } from './retention.ts';
import { createInbox } from './inbox/create-inbox.ts';
import type { WorkerSettings } from './inbox/create-worker.ts';
import { createEventStore } from './inbox/event-store.ts';
import { createInstallSteps } from './installations/install/complete-install.ts';
import { createEndInstallations } from './installations/uninstall/end-installations.ts';
import { createInstallationHandlers } from './installations/routes.ts';
import {
  createReconcileWebhook,
  createRereadSecret,
  webhookTarget,
} from './installations/webhook/reconcile-webhook.ts';
import { resumeInstallations } from './installations/webhook/resume-installations.ts';
import { CHECK_TOKEN, checkToken, doubtToken } from './installations/uninstall/check.ts';
import { createInspector } from './features/events/create-inspector.ts';
import type { Metrics } from './features/metrics/create-metrics.ts';
import { createPrivacy } from './features/privacy/create-privacy.ts';
import { findProjectRoot } from './project-root.ts';
import type { Log } from './log.ts';
import type { Bot } from './runtime/types.ts';
import type { Database } from './store/engines/database.ts';
import { createStores } from './store/create-stores.ts';
import type { EncryptionKey } from './store/secrets/vault.ts';
import { takeStock } from './startup-checks.ts';
import { createWebHandlers } from './web/create-web-handlers.ts';
import { refuseOddTarget } from './web/refuse-odd-target.ts';

/** Puts the parts together. Opens no port and no database, reads no environment. */
export function createShopkeeper(options: {
  config: ShopkeeperConfig;
  secrets: { sessionSecrets: string[]; encryptionKeys: EncryptionKey[] };
  /** Migrated. */
  database: Database;
  bot: Bot;
  /** The services an account can be connected to. */
  providers: readonly Provider[];
  /** Where the sandbox is, when Zendesk is one. */
  sandboxUrl: string | null;
  /** Whether that sandbox has a Zendesk for each of many visitors. */
  isPublicDemo?: boolean;
  metrics: Metrics;
  log: Log;
  now?: () => number;
  worker?: Partial<WorkerSettings>;
  /** How often to look for connections whose check is due. */
  connectionPollMs?: number;
}) {
  const { config, database, metrics, log, now = Date.now } = options;
  const { publicUrl, oauthClient } = config;
  const root = findProjectRoot();
  let stage: 'running' | 'draining' | 'stopped' = 'running';
  const isOpen = () => stage !== 'stopped';
  let restoredAt: number | undefined;

  const keys = options.secrets.encryptionKeys;
  const onRemoval = (removals: readonly string[]) =>
    log.info({ removals }, 'Removed for good, also after a restore.');
  const stores = createStores({ database, keys, onRemoval, now });
  const { installations } = stores;
  const { keepIgnored } = config;
  const events = createEventStore({ database, keepIgnored, now });
  const explain = createExplain({ traces: stores.traces, now, log });
  const doubting = { ...stores, events, wake: () => inbox.wake(), now };
  const zendesk = connectZendesk({
    config,
    stores,
    onTokenRejected: (id) => doubtToken(doubting, id, { isReported: false }),
    explain,
    metrics,
    pauses: events.pauses,
    now,
  });
  const { tokenInfo, openAccount } = zendesk;
  const reconcileWebhook = createReconcileWebhook({ ...stores, publicUrl, openAccount, explain });

  const connections = createConnections({
    config: config.connections,
    publicUrl,
    providers: options.providers,
    stores,
    pollMs: options.connectionPollMs,
    metrics,
    now,
    log,
  });
  const { openConnections, describeConnections, revokeConnections } = connections;
  const leaving = { ...stores, tokenInfo, openAccount, revokeConnections, log, now };
  const inbox = createInbox({
    bot: options.bot,
    rule: { clientId: oauthClient.id, answerWithoutSwitchboard: config.answerWithoutSwitchboard },
    events,
    stores,
    database,
    openAccount,
    openConnections,
    rereadSecret: createRereadSecret({ ...stores, openAccount }),
    jobs: {
      [CHECK_TOKEN]: (installation, event) => checkToken(leaving, installation, event),
    },
    restoredAt: () => restoredAt,
    keepIgnored,
    settings: options.worker ?? {},
    tracer: explain.tracer,
    targetOf: (id) => webhookTarget(publicUrl, id),
    isOpen,
    metrics,
    now,
    log,
  });

  const steps = createInstallSteps({ ...stores, ...zendesk, reconcileWebhook, explain, now });
  const ending = { installations, steps, doubting, revokeConnections, now, log };
  const endInstallations = createEndInstallations(ending);

  const app = createApp(
    {
      ...createWebHandlers({
        config,
        sandboxUrl: options.sandboxUrl,
        isPublicDemo: options.isPublicDemo ?? false,
        sessionSecrets: options.secrets.sessionSecrets,
        sessionStore: stores.sessions,
        database,
        isReady: () => stage === 'running',
        metrics,
        log,
        now,
      }),
      ...connections.handlers,
      ...createInstallationHandlers({
        root,
        config,
        sandboxUrl: options.sandboxUrl,
        stores,
        events,
        zendesk,
        steps,
        reconcileWebhook,
        describeConnections,
        doubting,
        leaving,
        explain,
        log,
        now,
      }),
      ...createInspector({ stores, events, wakeWorker: inbox.wake, log, now }),
      ...createPrivacy({ stores, leaving, urls: config.zendesk, log, now }),
    },
    { root, trustProxy: config.trustProxy },
  );

  let stopForgetting = () => {};
  return {
    /** For `http.createServer`: the receiver first, then the pages. */
    handle: (request: IncomingMessage, response: ServerResponse): void => {
      if (inbox.receive(request, response) || refuseOddTarget(request, response)) return;
      app(request, response);
    },

    /** Begins to work; call it once the port is open, because Zendesk looks at our root page. */
    async start(): Promise<void> {
      // Only one process at a time owns an SQLite file, so what is still leased belongs to a dead one.
      if (database.engine === 'sqlite') await events.releaseLeases({ all: true });
      ({ restoredAt } = await takeStock(stores, log));
      inbox.start();
      connections.checks.start();
      stopForgetting = await forgetWhatIsOld({ database, stores, endInstallations, now, log });
      await resumeInstallations({ ...ending, publicUrl, reconcileWebhook });
    },

    /** Unready, but otherwise as before: for the time until no load balancer sends anything more. */
    drain(): void {
      stage = 'draining';
    },

    /** Unready, intake answers 503, running work finishes or is released. The database stays open. */
    async stop(graceMs: number): Promise<void> {
      stage = 'stopped';
      stopForgetting();
      await Promise.all([inbox.stop(graceMs), connections.checks.stop(graceMs)]);
    },
  };
}
