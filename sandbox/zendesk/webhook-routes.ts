import { Router } from 'express';
import { ApiError } from '../platform/api-error.ts';
import { showWebhook } from '../platform/api-shapes.ts';
import type { Platform } from '../platform/create-platform.ts';
import type { Caller } from './authenticate.ts';
import type { Operations } from './create-operations.ts';
import { parseBody } from './parse-body.ts';
import { pathParam } from './path-param.ts';
import { webhookCreateBody, webhookUpdateBody } from './request-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
}

/** Webhooks of the calling integration: it sees no other's. `me` stands for its own id. */
export function createWebhookRoutes({ platform, operations: { operation } }: RoutesOptions) {
  const { webhooks } = platform;
  const router = Router({ mergeParams: true });

  router.post(
    '/',
    operation('CreateWebhook', async (caller, request) => {
      checkIntegration(caller, pathParam(request, 'integrationId'));
      const settings = parseBody(webhookCreateBody, request.body);
      const webhook = await webhooks.create(caller.installation, settings);
      return { status: 201, body: { webhook: showWebhook(webhook) } };
    }),
  );

  router.get(
    '/',
    operation('ListWebhooks', (caller, request) => {
      checkIntegration(caller, pathParam(request, 'integrationId'));
      return {
        status: 200,
        body: { webhooks: webhooks.list(caller.installation).map(showWebhook) },
      };
    }),
  );

  router.get(
    '/:webhookId',
    operation('GetWebhook', ({ installation }, request) => {
      const webhook = webhooks.find(installation, pathParam(request, 'webhookId'));
      return { status: 200, body: { webhook: showWebhook(webhook) } };
    }),
  );

  router.patch(
    '/:webhookId',
    operation('UpdateWebhook', ({ installation }, request) => {
      const webhook = webhooks.find(installation, pathParam(request, 'webhookId'));
      webhooks.update(installation, webhook, parseBody(webhookUpdateBody, request.body));
      return { status: 200, body: { webhook: showWebhook(webhook) } };
    }),
  );

  router.delete(
    '/:webhookId',
    operation('DeleteWebhook', ({ installation }, request) => {
      const webhook = webhooks.find(installation, pathParam(request, 'webhookId'));
      webhooks.remove(installation, webhook);
      return { status: 200, body: {} };
    }),
  );

  return router;
}

function checkIntegration({ installation }: Caller, integrationId: string) {
  if (integrationId === 'me' || integrationId === installation.id) return;
  throw new ApiError(404, 'integration_not_found', 'Integration not found');
}
