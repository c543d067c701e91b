import { randomBytes } from 'node:crypto';
import { generateCodeVerifier, OAuth2Client } from '@badgateway/oauth2-client';

export const can = ['refresh', 'revoke'];

/** It finds the endpoints by itself, at the root of the server's address, where they are described. */
export async function open({ clientId, clientSecret, redirectUri, issuer, scopes, ...endpoints }) {
  const client = new OAuth2Client({
    clientId,
    clientSecret,
    ...(issuer === undefined
      ? {
          server: new URL(endpoints.tokenUrl).origin,
          authorizationEndpoint: endpoints.authorizeUrl,
          tokenEndpoint: endpoints.tokenUrl,
          revocationEndpoint: endpoints.revokeUrl,
        }
      : { server: issuer }),
  });
  const codeVerifier = await generateCodeVerifier();
  const state = randomBytes(16).toString('hex');
  const asked = { redirectUri, state, codeVerifier };
  return {
    begin: () => client.authorizationCode.getAuthorizeUri({ ...asked, scope: scopes }),
    finish: (callbackUrl) => client.authorizationCode.getTokenFromCodeRedirect(callbackUrl, asked),
    refresh: (tokens) => client.refreshToken(tokens),
    revoke: (tokens) => client.revoke(tokens),
  };
}
