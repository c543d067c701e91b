import express, { Router } from 'express';
import type { Calls } from '../operations.ts';
import type { Platform } from '../platform/create-platform.ts';
import { uninstall } from '../platform/installations.ts';
import { refuseDeepJson } from '../web/guards.ts';
import { whenAsked } from '../web/when-asked.ts';
import { createAttachmentRoutes } from './routes/attachments.ts';
import { createControlRoutes } from './routes/control-routes.ts';
import { createChannelRoutes } from './routes/channel-routes.ts';
import { createClientRoutes } from './routes/client-routes.ts';
import { createConversationRoutes } from './routes/conversation-routes.ts';
import type { HeaderCheck } from './create-header-check.ts';
import { createOperations } from './create-operations.ts';
import type { Operations } from './create-operations.ts';
import type { ZendeskOperation } from './operation-names.ts';
import { answerError, answerUnknownRoute } from './errors.ts';
import { createMessageRoutes } from './routes/message-routes.ts';
import { createOAuthApi } from './routes/oauth-api.ts';
import { requireAccount } from './read-request.ts';
import { createForeignRoutes } from './foreign-operations.ts';
import { createParticipantRoutes } from './routes/participant-routes.ts';
import { createUserRoutes } from './routes/user-routes.ts';
import { createWebhookRoutes } from './routes/webhook-routes.ts';

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
      uninstall(platform, account, installation);
      return { status: 200, body: {} };
    }),
  );

  const conversation = '/v2/apps/:appId/conversations/:conversationId';
  const routes = [
    ['/v2/apps/:appId/integrations/:integrationId/webhooks', createWebhookRoutes],
    ['/v2/apps/:appId/users', createUserRoutes],
    ['/v2/apps/:appId/users/:userIdOrExternalId', createClientRoutes],
    ['/v2/apps/:appId/attachments', createAttachmentRoutes],
    ['/v2/apps/:appId/conversations', createConversationRoutes],
    [conversation, createParticipantRoutes],
    [conversation, createMessageRoutes],
    [conversation, createControlRoutes],
    [conversation, createChannelRoutes],
  ] as const;
  for (const [path, create] of routes)
    router.use(
      path,
      whenAsked(() => create(options)),
    );
  router.use(whenAsked(() => createForeignRoutes(operations)));
  return router;
}
