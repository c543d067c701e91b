import { randomBytes } from 'node:crypto';
import { Router, raw } from 'express';
import { bindTo } from '../../../../web/handlers.ts';
import { limitPerMinute } from '../../../../web/rate-limits.ts';
import type { StandIn } from '../../../stand-in.ts';
import type { ConnectionsContext } from '../../context.ts';
import { receiveEvents, refuseOddEvents } from './events.ts';
import { EVENTS_PATH } from './manifest.ts';
import { readZoomVariables } from './variables.ts';

export { createProvider } from './provider.ts';
export { environment } from './variables.ts';

export const posts = [{ path: EVENTS_PATH, status: 401 }];

/** What Zoom calls. */
export function openEndpoints(context: ConnectionsContext): Router {
  const { webhookSecretTokens: secretTokens } = readZoomVariables(context.config.variables);
  const to = bindTo({ ...context, secretTokens });
  const router = Router();
  router.post(
    EVENTS_PATH,
    // Whoever proves to be Zoom is not kept out.
    limitPerMinute(120, { skipSuccessfulRequests: true }),
    refuseOddEvents(context),
    raw({ limit: '64kb', type: () => true }),
    to(receiveEvents),
  );
  return router;
}

/** Ready to paste from the sandbox's pages; fixed, so that a stored connection survives a restart. */
const APP = { clientId: 'shop-keeper_zoom', clientSecret: 'sandbox-zoom-client-secret' };
const SERVER_APP = { clientId: 'shop-keeper_s2s', clientSecret: 'sandbox-s2s-client-secret' };

/** Registers the apps a developer would have made at Zoom. */
export function sandbox(standIn: StandIn, publicUrl: string) {
  const secretToken = randomBytes(24).toString('base64url');
  standIn.registerZoomApp({
    ...APP,
    name: 'Shopkeeper',
    redirectUris: [`${publicUrl}/connections/callback/zoom`],
    scopes: ['user:read:user', 'meeting:write:meeting'],
    eventUrl: `${publicUrl}${EVENTS_PATH}`,
    secretToken,
  });
  standIn.registerZoomServerApp({
    ...SERVER_APP,
    accountId: standIn.zoomAccountId,
    name: 'Shopkeeper Server-to-Server',
    scopes: ['user:read:list_users:admin', 'meeting:write:meeting:admin'],
  });
  return {
    ZOOM_OAUTH_URL: `${standIn.url}/zoom/oauth`,
    ZOOM_API_URL: `${standIn.url}/zoom/v2`,
    ZOOM_WEBHOOK_SECRET_TOKEN: secretToken,
    ZOOM_SANDBOX_CREDENTIALS: JSON.stringify({
      oauth2: APP,
      custom: { ...SERVER_APP, accountId: standIn.zoomAccountId },
    }),
  };
}
