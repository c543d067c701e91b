import express, { Router } from 'express';
import type { Calls } from '../operations.ts';
import type { Platform } from '../platform/create-platform.ts';
import { refuseDeepJson } from '../web/guards.ts';
import { createAttachmentRoutes } from './attachments.ts';
import { createControlRoutes } from './control-routes.ts';
import { createConversationRoutes } from './conversation-routes.ts';
import type { HeaderCheck } from './create-header-check.ts';
import { createOperations } from './create-operations.ts';
import type { Operations, ZendeskOperation } from './create-operations.ts';
import { answerError, answerUnknownRoute } from './errors.ts';
import { createMessageRoutes } from './message-routes.ts';
import { createOAuthApi } from './oauth-api.ts';
import { requireAccount } from './read-request.ts';
import { createUserRoutes } from './user-routes.ts';
import { createWebhookRoutes } from './webhook-routes.ts';

interface ZendeskApiOptions {
  platform: Platform;
  calls: Calls<ZendeskOperation>;
  headerCheck: HeaderCheck;
  log: (line: string) => void;
  url: string;
}

/**
 * Everything bots call: the OAuth bridge under /sc, accounts with a subdomain under
 * /accounts/{subdomain}/sc, legacy accounts under /legacy.
 */
export function createZendeskApi(options: ZendeskApiOptions) {
  const { platform, calls, headerCheck, log } = options;
  const { state, faults } = platform;
  const operations = createOperations({ state, faults, calls, headerCheck });
  const accountApi = createAccountApi({ ...options, operations });
  const parseJson = express.json({ limit: '100kb', verify: refuseDeepJson });
  const tail = [answerUnknownRoute(), answerError(log)];
  const router = Router();

  router.use('/sc', parseJson, createOAuthApi({ platform, operations, headerCheck }), tail);
  router.use('/accounts/:subdomain/sc', requireAccount(state), parseJson, accountApi, tail);
  router.use('/legacy', parseJson, accountApi, tail);
  return router;
}

interface AccountApiOptions {
  platform: Platform;
  operations: Operations;
  url: string;
}

/** What an integration may call with its access token, relative to the account's base URL. */
function createAccountApi(options: AccountApiOptions) {
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
