import { Router } from 'express';
import { showWebhook } from '../../platform/api-shapes.ts';
import type { Platform } from '../../platform/create-platform.ts';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  updateWebhook,
} from '../../platform/webhooks.ts';
import { ApiError } from '../../refused.ts';
import type { Operations } from '../create-operations.ts';
import { parseBody, pathParam } from '../read-request.ts';
import { webhookCreateBody, webhookUpdateBody } from '../bodies/webhook-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
}

/** Webhooks of the calling integration: it sees no other's. `me` stands for its own id. */
export function createWebhookRoutes({ platform, operations }: RoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  /** An operation on the caller's own integration. */
  const operation: Operations['operation'] = (name, work) =>
    operations.operation(name, (caller, request) => {
      const integrationId = pathParam(request, 'integrationId');
      if (integrationId !== 'me' && integrationId !== caller.installation.id) {
        throw new ApiError(404, 'integration_not_found', 'Integration not found');
      }
      return work(caller, request);
    });

  router.post(
    '/',
    operation('CreateWebhook', async ({ installation }, request) => {
      const settings = parseBody(webhookCreateBody, request.body);
      const webhook = await createWebhook(platform, installation, settings);
      return { status: 201, body: { webhook: showWebhook(webhook) } };
    }),
  );

  router.get(
    '/',
    operation('ListWebhooks', ({ installation }) => {
      return {
        status: 200,
        body: { webhooks: listWebhooks(state, installation).map(showWebhook) },
      };
    }),
  );

  router.get(
    '/:webhookId',
    operation('GetWebhook', ({ installation }, request) => {
      const webhook = getWebhook(state, installation, pathParam(request, 'webhookId'));
      return { status: 200, body: { webhook: showWebhook(webhook) } };
    }),
  );

  router.patch(
    '/:webhookId',
    operation('UpdateWebhook', ({ installation }, request) => {
      const webhook = getWebhook(state, installation, pathParam(request, 'webhookId'));
      updateWebhook(platform, installation, webhook, parseBody(webhookUpdateBody, request.body));
      return { status: 200, body: { webhook: showWebhook(webhook) } };
    }),
  );

  router.delete(
    '/:webhookId',
    operation('DeleteWebhook', ({ installation }, request) => {
      const webhook = getWebhook(state, installation, pathParam(request, 'webhookId'));
      deleteWebhook(platform, installation, webhook);
      return { status: 200, body: {} };
    }),
  );

  return router;
}
