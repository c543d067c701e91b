import type { Request, Response } from 'express';
import type { ShopkeeperConfig } from '../config/load-config.ts';
import type { Explain } from '../features/timeline/create-explain.ts';
import { createSourceLinks } from '../features/timeline/create-source-links.ts';
import { createShowSource } from '../features/timeline/show-source.ts';
import type { EventStore } from '../inbox/event-store.ts';
import type { Log } from '../log.ts';
import type { Stores } from '../store/create-stores.ts';
import type { Installation } from '../store/schema.ts';
import { createOAuthAttempts } from '../oauth/attempts.ts';
import { createAnswerCallback } from '../oauth/callback.ts';
import { createProblemPage } from '../oauth/problem-page.ts';
import { createStreamLimit, streamActivity } from './status/stream-activity.ts';
import { createRemoveAccess, createSignOut } from './access.ts';
import type { InstallSteps } from './install/complete-install.ts';
import type { ZendeskAccess } from '../zendesk/connect-zendesk.ts';
import { createDescribeWebhook } from './webhook/describe-webhook.ts';
import { createFindOwned } from './find-owned.ts';
import { createFinishInstall } from './install/finish-install.ts';
import { createStatusActions } from './status/status-actions.ts';
import type { ReconcileWebhook } from './webhook/reconcile-webhook.ts';
import { createSendTestMessage } from './status/send-test-message.ts';
import { createShowHome, createShowSettings } from './status/show-home.ts';
import { createShowStatus } from './status/show-status.ts';
import { createShowTimeline } from '../features/timeline/show-timeline.ts';
import { createStartInstall } from './install/start-install.ts';
import type { Doubting } from './uninstall/check.ts';
import { disconnect, type Leaving } from './uninstall/disconnect.ts';
import { receiveRemoveCallback } from './uninstall/remove-callback.ts';

/** The routes of an installation's life: install, status and its buttons, disconnect, remove. */
export function createInstallationHandlers(options: {
  /** The project's folder. */
  root: string;
  config: ShopkeeperConfig;
  sandboxUrl: string | null;
  stores: Stores;
  events: EventStore;
  zendesk: ZendeskAccess;
  steps: InstallSteps;
  reconcileWebhook: ReconcileWebhook;
  describeConnections: (installation: Installation) => Promise<object>;
  doubting: Doubting;
  leaving: Leaving;
  explain: Explain;
  log: Log;
  now: () => number;
}) {
  const { config, stores, log, events, steps, reconcileWebhook, explain, now } = options;
  const { authorization, openAccount } = options.zendesk;
  const source = { root: options.root, published: options.sandboxUrl !== null };
  const linkToSource = createSourceLinks(source);
  const { publicUrl, zendesk: urls, oauthClient: client } = config;
  const { installations, owners, activity, traces } = stores;

  const attempts = createOAuthAttempts({ ...stores, publicUrl, now });
  const findOwned = createFindOwned(stores);
  const showHome = createShowHome({ installations });

  const limitStreams = createStreamLimit();
  return {
    showHome,
    showSettings: createShowSettings({ installations, showHome }),
    startInstall: createStartInstall({ attempts, authorization, steps }),
    finishInstall: createFinishInstall({
      ...stores,
      answerCallback: createAnswerCallback({ publicUrl, attempts, activity }),
      attempts,
      authorization,
      steps,
      tracer: explain.tracer,
      log,
      now,
    }),
    installProblemPage: createProblemPage({
      publicUrl,
      service: 'Zendesk',
      undone: 'Not installed',
      log,
    }),
    showStatus: createShowStatus({
      ...stores,
      urls,
      clientId: client.id,
      sandboxUrl: options.sandboxUrl,
      findOwned,
      steps,
      events,
      tracer: explain.tracer,
      linkToSource,
      describeConnections: options.describeConnections,
      describeWebhook: createDescribeWebhook({
        publicUrl,
        openAccount,
        now,
      }),
    }),
    showSource: createShowSource(source),
    showTimeline: createShowTimeline({ findOwned, traces, linkToSource }),
    async streamActivity(request: Request, response: Response): Promise<void> {
      const { id } = await findOwned(request);
      await streamActivity(request, response, {
        activity,
        installationId: id,
        mayWatch: () => owners.owns(request.session.ownerId ?? '', id),
        onOpen: (stream) => limitStreams(request.session.ownerId ?? '', stream),
        onError: (error) => {
          const { requestId } = response.locals;
          log.warn({ error, requestId, installationId: id }, 'The live feed was interrupted.');
        },
      });
    },
    removeAccess: createRemoveAccess({ findOwned, owners, activity }),
    signOut: createSignOut(stores),
    ...createStatusActions({
      findOwned,
      reconcileWebhook,
      sendTestMessage: createSendTestMessage({ openAccount, traceWork: explain.traceWork }),
      disconnect: (installation, ownerId) => disconnect(options.leaving, installation, ownerId),
      log,
    }),
    receiveRemoveCallback: receiveRemoveCallback({ ...options.doubting, installations, log }),
  };
}
