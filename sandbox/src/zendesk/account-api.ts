import { Router } from 'express';
import type { Platform } from '../platform/create-platform.ts';
import { createAttachmentRoutes } from './attachment-routes.ts';
import { createControlRoutes } from './control-routes.ts';
import { createConversationRoutes } from './conversation-routes.ts';
import type { Attachments } from './create-attachments.ts';
import type { Operations } from './create-operations.ts';
import { createMessageRoutes } from './message-routes.ts';
import { createUserRoutes } from './user-routes.ts';
import { createWebhookRoutes } from './webhook-routes.ts';

interface AccountApiOptions {
  platform: Platform;
  operations: Operations;
  attachments: Attachments;
  url: string;
}

/** What an integration may call with its access token, relative to the account's base URL. */
export function createAccountApi(options: AccountApiOptions) {
  const { platform, operations } = options;
  const router = Router({ mergeParams: true });

  router.delete(
    '/oauth/authorization',
    operations.operation('RevokeAccess', ({ account, installation }) => {
      platform.installations.remove(account, installation);
      return { status: 200, body: {} };
    }),
  );

  router.use('/v2/apps/:appId/integrations/:integrationId/webhooks', createWebhookRoutes(options));
  router.use('/v2/apps/:appId/users', createUserRoutes(options));
  router.use('/v2/apps/:appId/attachments', createAttachmentRoutes(options));
  router.use('/v2/apps/:appId/conversations', createConversationRoutes(options));
  router.use('/v2/apps/:appId/conversations/:conversationId', createMessageRoutes(options));
  router.use('/v2/apps/:appId/conversations/:conversationId', createControlRoutes(options));
  return router;
}
