import type { IncomingMessage, ServerResponse } from 'node:http';
import { createApp } from './app.ts';
import type { ShopkeeperConfig } from './config.ts';
import { createConnections } from './connections/create-connections.ts';
import type { Provider } from './connections/provider.ts';
import { createInbox } from './inbox/create-inbox.ts';
import { dropOldPayloads } from './inbox/drop-old-payloads.ts';
import type { WorkerSettings } from './inbox/create-worker.ts';
import { createEventStore } from './inbox/event-store.ts';
import {
  CHECK_REMOVAL,
  createCheckRemoval,
  createScheduleRemovalCheck,
} from './installations/check-removal.ts';
import { createInstallationHandlers } from './installations/create-handlers.ts';
import { createMarkIfRevoked, createProbeToken } from './installations/mark-if-revoked.ts';
import { createOpenAccount } from './installations/open-account.ts';
import {
  createReconcileWebhook,
  reconcileMovedWebhooks,
} from './installations/reconcile-webhook.ts';
import { findProjectRoot } from './project-root.ts';
import type { Bot, Log } from './runtime/types.ts';
import type { Database } from './store/database.ts';
import { createStores, deleteWhatExpired } from './store/create-stores.ts';
import type { EncryptionKey } from './store/vault.ts';
import { createErrorPage } from './web/error-page.ts';
import { createReadyz } from './web/health.ts';
import { createRequestLog } from './web/log-requests.ts';
import { createPageLocals } from './web/page-locals.ts';
import { refuseOddTarget } from './web/refuse-odd-target.ts';
import { createSecurityHeaders } from './web/security-headers.ts';
import { createSessions } from './web/sessions.ts';
import { marketplaceHeaders } from './zendesk/marketplace-headers.ts';
import { createZendeskRequest } from './zendesk/request.ts';
import { createTokenInfoCalls } from './zendesk/token-info.ts';

const ZENDESK_TIMEOUT_MS = 10_000;
const EXPIRY_EVERY_MS = 60 * 60_000;

export type Shopkeeper = ReturnType<typeof createShopkeeper>;

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
  log: Log;
  now?: () => number;
  worker?: Partial<WorkerSettings>;
  /** How often to look for connections whose check is due. */
  connectionPollMs?: number;
}) {
  const { config, database, log, now = Date.now } = options;
  const { publicUrl, zendesk: urls, oauthClient } = config;
  const root = findProjectRoot();
  let open = true;
  const isOpen = () => open;

  const stores = createStores({ database, keys: options.secrets.encryptionKeys, now });
  const { installations, secrets, activity, locks } = stores;
  const events = createEventStore({ database, now });
  const headers = marketplaceHeaders(config.marketplace);
  const callZendesk = createZendeskRequest({ headers, timeoutMs: ZENDESK_TIMEOUT_MS });
  const tokenInfo = createTokenInfoCalls(callZendesk, urls.oauthUrl);
  const openAccount = createOpenAccount({ secrets, request: callZendesk, urls });
  const probeToken = createProbeToken({ secrets, tokenInfo });
  const markIfRevoked = createMarkIfRevoked({ probeToken, installations, activity });
  const reconcileWebhook = createReconcileWebhook({
    publicUrl,
    installations,
    secrets,
    activity,
    locks,
    openAccount,
  });

  const connections = createConnections({
    config: config.connections,
    publicUrl,
    providers: options.providers,
    stores,
    pollMs: options.connectionPollMs,
    now,
    log,
  });
  const { openConnections, describeConnections, revokeConnections } = connections;
  const inbox = createInbox({
    bot: options.bot,
    rule: { clientId: oauthClient.id, answerWithoutSwitchboard: config.answerWithoutSwitchboard },
    events,
    stores,
    signals: database.signals,
    openAccount,
    openConnections,
    markIfRevoked,
    rereadSecret: async (id) => void (await reconcileWebhook(id)),
    jobs: {
      [CHECK_REMOVAL]: createCheckRemoval({ installations, probeToken, revokeConnections, now }),
    },
    settings: options.worker ?? {},
    isOpen,
    now,
    log,
  });
  const scheduleRemovalCheck = createScheduleRemovalCheck({ events, wake: inbox.wake });

  const app = createApp(
    {
      securityHeaders: createSecurityHeaders(publicUrl),
      requestLog: createRequestLog(log),
      sessions: createSessions({
        store: stores.sessions,
        secrets: options.secrets.sessionSecrets,
        publicUrl,
      }),
      pageLocals: createPageLocals({
        sandboxUrl: options.sandboxUrl,
        isPublicDemo: options.isPublicDemo ?? false,
      }),
      readyz: createReadyz({ database, isOpen }),
      showPrivacy: (_request, response) => response.render('privacy', { title: 'Privacy' }),
      errorPage: createErrorPage(log),
      ...connections.handlers,
      ...createInstallationHandlers({
        config,
        headers,
        timeoutMs: ZENDESK_TIMEOUT_MS,
        sandboxUrl: options.sandboxUrl,
        stores,
        events,
        tokenInfo,
        openAccount,
        markIfRevoked,
        reconcileWebhook,
        scheduleRemovalCheck,
        describeConnections,
        revokeConnections,
        wakeWorker: inbox.wake,
        log,
        now,
      }),
    },
    { root, trustProxy: config.trustProxy },
  );

  let expiry: NodeJS.Timeout | undefined;
  async function forgetWhatIsOld(): Promise<void> {
    try {
      await deleteWhatExpired(stores);
      await dropOldPayloads(database, now);
    } catch (error) {
      log.error({ error }, 'Old data could not be deleted; trying again in an hour.');
    }
  }

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
      inbox.start();
      connections.checks.start();
      expiry = setInterval(() => void forgetWhatIsOld(), EXPIRY_EVERY_MS);
      await forgetWhatIsOld();
      await reconcileMovedWebhooks({
        publicUrl,
        installations,
        reconcileWebhook,
        onFailure: ({ id }, error) =>
          log.error({ error, installationId: id }, 'A webhook could not be moved to PUBLIC_URL.'),
      });
      for (const { id, status } of await installations.list()) {
        if (status === 'removing') await scheduleRemovalCheck(id);
      }
    },

    /** Unready, intake answers 503, running work finishes or is released. The database stays open. */
    async stop(graceMs: number): Promise<void> {
      open = false;
      clearInterval(expiry);
      await Promise.all([inbox.stop(graceMs), connections.checks.stop(graceMs)]);
    },
  };
}
