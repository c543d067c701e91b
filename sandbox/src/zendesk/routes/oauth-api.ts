import express, { Router } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import { subdomainOf } from '../../platform/accounts.ts';
import { mayInstall } from '../../platform/clients.ts';
import { install } from '../../platform/installations.ts';
import { ApiError } from '../../refused.ts';
import type { Account } from '../../state/records.ts';
import { isSecretOf } from '../../state/registered-app.ts';
import type { HeaderCheck } from '../create-header-check.ts';
import type { Operations } from '../create-operations.ts';
import { parseBody } from '../read-request.ts';
import { tokenBody } from '../bodies/webhook-bodies.ts';

interface OAuthApiOptions {
  platform: Platform;
  operations: Operations;
  headerCheck: HeaderCheck;
}

/** The OAuth bridge's server-to-server half: token and tokenInfo. */
export function createOAuthApi({ platform, operations, headerCheck }: OAuthApiOptions) {
  const { state, codes, faults } = platform;
  const { operation, openOperation } = operations;
  const router = Router();

  router.post(
    '/oauth/token',
    express.urlencoded({ extended: false }),
    openOperation('GetToken', ({ body, headers }) => {
      try {
        const fields = parseBody(tokenBody, body);
        const client = state.clients.get(fields.client_id);
        if (!client || !isSecretOf(client, fields.client_secret)) {
          throw new ApiError(401, 'unauthorized', 'Invalid client credentials');
        }
        const grant = codes.spend(fields.code, fields.client_id);
        const account = state.accounts.get(grant?.account ?? '');
        if (!mayInstall(client, account?.slug ?? '')) {
          throw new ApiError(403, 'forbidden', `${client.details.name} is not enabled`);
        }
        if (!account) throw new ApiError(400, 'bad_request', 'Invalid authorization code');
        const { installation, accessToken } = install(platform, account, fields.client_id);
        headerCheck.note(installation.id, 'GetToken', headers);
        return { status: 200, body: { access_token: accessToken, token_type: 'Bearer' } };
      } catch (error) {
        if (!(error instanceof ApiError) || !faults.take('oauthErrors')) throw error;
        return { status: error.status, body: showOAuthError(error) };
      }
    }),
  );

  router.get(
    '/v2/tokenInfo',
    operation('GetTokenInfo', ({ account }) => ({ status: 200, body: showTokenInfo(account) })),
  );

  return router;
}

/** The other wording a client may meet: the real endpoint's errors are not documented. */
function showOAuthError({ status, titles }: ApiError) {
  const error = status === 401 ? 'invalid_client' : 'invalid_grant';
  return { error, error_description: titles.join(' ') };
}

/** The app behind a token. A legacy account has no subdomain. */
function showTokenInfo(account: Account) {
  const { appId, displayName, legacy, customersMayEnd } = account;
  return {
    app: {
      id: appId,
      displayName,
      settings: {
        conversationRetentionSeconds: 0,
        maskCreditCardNumbers: true,
        useAnimalNames: false,
        echoPostback: false,
        ignoreAutoConversationStart: true,
        multiConvoEnabled: true,
        appLocalizationEnabled: true,
        endSessionEnabled: customersMayEnd,
        disableConversationReopen: customersMayEnd,
      },
      metadata: {},
      ...(!legacy && { subdomain: subdomainOf(account) }),
    },
  };
}
