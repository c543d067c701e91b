import { randomBytes } from 'node:crypto';
import type { StandIn } from '../feature.ts';

/** Ready to paste from the sandbox's pages; fixed, so that a stored connection survives a restart. */
const ZOOM_APP = { clientId: 'shop-keeper_zoom', clientSecret: 'sandbox-zoom-client-secret' };
const ZOOM_SERVER_APP = { clientId: 'shop-keeper_s2s', clientSecret: 'sandbox-s2s-client-secret' };
const ZOCKS_APP = { clientId: 'shopkeeper-zocks', clientSecret: 'sandbox-zocks-client-secret' };

/** Registers the apps a developer would have made at Zoom and Zocks. */
export function connectToSandbox(sandbox: StandIn, publicUrl: string) {
  const secretToken = randomBytes(24).toString('base64url');
  sandbox.registerZoomApp({
    ...ZOOM_APP,
    name: 'Shopkeeper',
    redirectUris: [`${publicUrl}/connections/callback/zoom`],
    scopes: ['user:read:user', 'meeting:write:meeting'],
    eventUrl: `${publicUrl}/zoom/events`,
    secretToken,
  });
  sandbox.registerZoomServerApp({
    ...ZOOM_SERVER_APP,
    accountId: sandbox.zoomAccountId,
    name: 'Shopkeeper Server-to-Server',
    scopes: ['user:read:list_users:admin', 'meeting:write:meeting:admin'],
  });
  sandbox.registerZocksApp({
    ...ZOCKS_APP,
    name: 'Shopkeeper',
    iconUrl: `${publicUrl}/favicon.svg`,
    shortDescription: 'Lets the assistant of your shop know whose Zocks account it works with.',
    redirectUris: [`${publicUrl}/connections/callback/zocks`],
    scopes: ['profile'],
  });
  return variablesOfSandbox(sandbox.url, secretToken);
}

/** The addresses of the sandbox's Zoom and Zocks. */
export function variablesOfSandbox(url: string, secretToken: string) {
  return {
    ZOOM_OAUTH_URL: `${url}/zoom/oauth`,
    ZOOM_API_URL: `${url}/zoom/v2`,
    ZOOM_WEBHOOK_SECRET_TOKEN: secretToken,
    ZOCKS_AUTHORIZE_URL: `${url}/zocks/oauth/authorize`,
    ZOCKS_TOKEN_URL: `${url}/zocks/oauth/token`,
    ZOCKS_REVOKE_URL: `${url}/zocks/oauth/revoke`,
    ZOCKS_API_URL: `${url}/zocks/api/v1`,
    ZOCKS_SCOPES: undefined,
  };
}
