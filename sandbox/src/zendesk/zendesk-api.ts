import express, { Router } from 'express';
import type { Calls } from '../operations/create-calls.ts';
import type { Platform } from '../platform/create-platform.ts';
import { createAccountApi } from './account-api.ts';
import { answerError, answerUnknownRoute } from './answer-failures.ts';
import type { Attachments } from './create-attachments.ts';
import type { HeaderCheck } from './create-header-check.ts';
import { createOperations } from './create-operations.ts';
import type { ZendeskOperation } from './create-operations.ts';
import { createOAuthApi } from './oauth-api.ts';
import { requireAccount } from './require-account.ts';
import { refuseDeepJson } from '../web/refuse-deep-json.ts';

interface ZendeskApiOptions {
  platform: Platform;
  calls: Calls<ZendeskOperation>;
  headerCheck: HeaderCheck;
  attachments: Attachments;
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
