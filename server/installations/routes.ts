import { Router, type Request, type Response } from 'express';
import type { Core } from '../core.ts';
import { createOAuthAttempts } from '../oauth/attempts.ts';
import { createAnswerCallback } from '../oauth/callback.ts';
import { createProblemPage } from '../oauth/problem-page.ts';
import { limitPerMinute, limitViewsPerMinute } from '../web/rate-limits.ts';
import { bindTo } from '../web/handlers.ts';
import { removeAccess, signOut } from './access.ts';
import { createFindOwned } from './find-owned.ts';
import type { InstallSteps } from './install/complete-install.ts';
import { createFinishInstall } from './install/finish-install.ts';
import { createStartInstall } from './install/start-install.ts';
import { createSendTestMessage } from './status/send-test-message.ts';
import { showHome, showSettings } from './status/show-home.ts';
import { createShowStatus } from './status/show-status.ts';
import { createStatusActions } from './status/status-actions.ts';
import { createStreamLimit, streamActivity } from './status/stream-activity.ts';
import type { Doubting } from './uninstall/check.ts';
import { createDeletePages } from './uninstall/delete-pages.ts';
import { disconnect, type Leaving } from './uninstall/disconnect.ts';
import { receiveRemoveCallback } from './uninstall/remove-callback.ts';
import { createDescribeWebhook } from './webhook/describe-webhook.ts';
import type { ReconcileWebhook } from './webhook/reconcile-webhook.ts';

export interface InstallationDeps {
  steps: InstallSteps;
  reconcileWebhook: ReconcileWebhook;
  doubting: Doubting;
  leaving: Leaving;
}

/** An installation's life: install, the account's page and its buttons, disconnect, remove. */
export function createInstallationRoutes(core: Core, deps: InstallationDeps) {
  const { config, installations, installationOwners, activityLog, form, log, now, observe } = core;
  const { zendesk } = core;
  const { authorization } = zendesk;
  const { steps, reconcileWebhook, leaving } = deps;
  const { publicUrl, zendesk: urls, oauthClient: client } = config;

  const attempts = createOAuthAttempts({ ...core, publicUrl });
  const findOwned = createFindOwned(core);
  const problemPage = createProblemPage({
    publicUrl,
    service: 'Zendesk',
    undone: 'Not installed',
    log,
  });
  const actions = createStatusActions({
    findOwned,
    reconcileWebhook,
    sendTestMessage: createSendTestMessage({ zendesk, observe }),
    core,
    disconnect: (installation, ownerId) => disconnect(leaving, installation, ownerId),
  });
  const { showDelete, deleteData } = createDeletePages({ core, findOwned, leaving });
  const limitStreams = createStreamLimit();

  async function stream(request: Request, response: Response): Promise<void> {
    const { id } = await findOwned(request);
    await streamActivity(request, response, {
      activityLog,
      installationId: id,
      mayWatch: () => installationOwners.owns(request.session.ownerId ?? '', id),
      onOpen: (opened) => limitStreams(request.session.ownerId ?? '', opened),
      onError: (error) => {
        const { requestId } = response.locals;
        log.warn({ error, requestId, installationId: id }, 'The live feed was interrupted.');
      },
    });
  }

  const to = bindTo(core);
  const pages = Router();
  pages.get('/', to(showHome));
  pages.get('/settings', to(showSettings));
  pages.get('/install', limitPerMinute(30), createStartInstall({ attempts, authorization, steps }));
  pages.get(
    '/oauth',
    limitPerMinute(60),
    createFinishInstall({
      ...core,
      answerCallback: createAnswerCallback({ publicUrl, attempts, activityLog }),
      attempts,
      authorization,
      steps,
    }),
    problemPage,
  );
  pages.get('/installations/:id/activity', stream);
  pages.use('/installations', limitViewsPerMinute(300));
  pages.get(
    '/installations/:id',
    createShowStatus({
      ...core,
      urls,
      clientId: client.id,
      findOwned,
      steps,
      describeWebhook: createDescribeWebhook({ publicUrl, zendesk, now }),
    }),
    problemPage,
  );
  pages.post('/installations/:id/webhook', form, actions.checkWebhook);
  pages.post('/installations/:id/test-message', form, actions.sendTestMessage);
  pages.post('/installations/:id/access/remove', form, to(removeAccess));
  pages.post('/installations/:id/disconnect', form, actions.disconnect);
  pages.get('/installations/:id/delete', showDelete);
  pages.post('/installations/:id/delete', form, deleteData);
  pages.post('/sign-out', form, to(signOut));

  return {
    pages,
    receiveRemoveCallback: receiveRemoveCallback({ ...deps.doubting, installations, log }),
  };
}
