import type { IncomingMessage, ServerResponse } from 'node:http';
import { createApp } from './app.ts';
import { findProjectRoot } from './config/env-file.ts';
import type { Secrets } from './config/load-secrets.ts';
import type { Core } from './core.ts';
import type { Feature, FeatureParts } from './features/feature.ts';
import { createInbox } from './inbox/inbox.ts';
import type { WorkerSettings } from './inbox/worker.ts';
import { createEventStore, releaseEvents } from './inbox/events.ts';
import { collectEventTypes, knowsType } from './inbox/event-types.ts';
import { createObserve } from './observe.ts';
import { createRetention } from './retention.ts';
import { sendRequest } from './send-request.ts';
import { createStores } from './store/create-stores.ts';
import { installationOwner, ACCESS_TOKEN } from './store/secrets/secrets.ts';
import { acceptForm } from './web/forms.ts';
import { refuseOddTarget } from './web/security.ts';
import { createZendesk } from './zendesk/connect.ts';

/**
 * Puts the parts together, on a database that is migrated. Opens no port, reads no environment.
 * @throws OperatorError for what a feature cannot use of the bot.
 */
export function createShopkeeper(
  options: Pick<Core, 'config' | 'database' | 'bot' | 'log'> & {
    secrets: Secrets;
    features: readonly Feature[];
    now?: () => number;
    worker?: Partial<WorkerSettings>;
  },
) {
  const { config, secrets, database, bot, features, log, now = Date.now } = options;
  for (const { checkBot } of features) checkBot?.(bot);
  let stage: 'running' | 'draining' | 'stopped' = 'running';
  const isOpen = () => stage !== 'stopped';
  let restoredAt: number | undefined;

  const observe = createObserve();
  const stores = createStores({ database, keys: secrets.encryptionKeys, observe, now });
  const eventTypes = collectEventTypes(features);
  const events = createEventStore({
    database,
    keepIgnored: config.keepIgnored,
    mayBegin: features.flatMap(({ mayBegin }) => mayBegin ?? []),
    knows: database.dialect.serverTime && ((type) => knowsType(eventTypes, type)),
    delay: (event) => delays.reduce((sum, delay) => sum + delay(event), 0),
    observe,
    now,
  });
  const zendesk = createZendesk({
    config,
    redirectUri: `${config.publicUrl}/oauth`,
    send: (operation, url, init) =>
      observe.call({ service: 'zendesk', operation, url, init }, () => sendRequest(url, init)),
    readToken: (id) => stores.secrets.get(installationOwner(id), ACCESS_TOKEN),
    findAuthor: () => Object.assign({}, ...parts.map(({ author }) => author?.())),
    watch: (installation, call) =>
      parts.reduce((inner, { watchCalls }) => watchCalls?.(installation, inner) ?? inner, call),
  });
  const parts: FeatureParts[] = [];
  const delays: NonNullable<FeatureParts['delay']>[] = [];
  const core: Core = {
    ...stores,
    root: findProjectRoot(),
    config,
    bot,
    database,
    isReady: () => stage === 'running',
    events,
    eventTypes,
    secretOwners: features.flatMap(({ secretOwners = [] }) => secretOwners),
    wake(conversationKeys) {
      if (conversationKeys === undefined) database.signals.publish('events', 'core');
      else inbox.look(conversationKeys);
    },
    zendesk,
    observe,
    form: acceptForm(60),
    parts,
    log,
    now,
  };
  for (const feature of features) {
    const part = feature.open?.(core) ?? {};
    if (part.observer) observe.add(part.observer);
    if (part.delay) delays.push(part.delay);
    parts.push(part);
  }

  const inbox = createInbox(core, {
    restoredAt: () => restoredAt,
    settings: options.worker ?? {},
    isOpen,
  });
  const retention = createRetention(core);
  const app = createApp(core, features, secrets.sessionSecrets);

  return {
    /** The pages alone. */
    app,

    /** For `http.createServer`: the receiver first, then the pages. */
    handle: (request: IncomingMessage, response: ServerResponse): void => {
      if (inbox.receive(request, response) || refuseOddTarget(request, response)) return;
      app(request, response);
    },

    /**
     * Begins to work; call it once the port is open, because Zendesk looks at our root page. A stop that comes
     * meanwhile has ended what was begun by then: nothing more is, on a database that is closed or soon will be.
     */
    async start(): Promise<void> {
      // Of a database that one process has alone, so what is still leased belongs to a dead one.
      if (database.dialect.serverTime === undefined) await releaseEvents(database.kysely, now());
      await core.appState.write('newest_key', core.newestKeyId);
      const restored = await core.appState.read('restored_at');
      restoredAt = restored === undefined ? undefined : Number(restored);
      for (const { work } of parts) if (isOpen()) await work?.start();
      if (!isOpen()) return;
      inbox.start();
      await retention.start();
    },

    /** Unready, but otherwise as before: for the time until no load balancer sends anything more. */
    drain(): void {
      stage = 'draining';
    },

    /** Unready, intake answers 503, running work finishes or is released. The database stays open. */
    async stop(graceMs: number): Promise<void> {
      stage = 'stopped';
      retention.stop();
      await Promise.all([inbox.stop(graceMs), ...parts.map(({ work }) => work?.stop(graceMs))]);
    },
  };
}
