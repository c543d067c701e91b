import * as oauth from 'oauth4webapi';

export const can = ['refresh', 'revoke'];

const INSECURE = { [oauth.allowInsecureRequests]: true };

/** By the server's own description where it has one (RFC 8414). Its Basic encodes, which Zoom does not decode. */
export async function open({ clientId, clientSecret, redirectUri, ...rest }) {
  const server = await describeServer(rest);
  const client = { client_id: clientId };
  const authenticate = rest.decodesBasic
    ? oauth.ClientSecretBasic(clientSecret)
    : oauth.ClientSecretPost(clientSecret);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const read = (tokens) => ({
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
  });
  return {
    async begin() {
      const url = new URL(server.authorization_endpoint);
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: rest.scopes.join(' '),
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }).toString();
      return url.href;
    },
    async finish(callbackUrl) {
      const url = new URL(callbackUrl);
      const callback = oauth.validateAuthResponse(server, client, url, state);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authenticate,
        callback,
        redirectUri,
        verifier,
        INSECURE,
      );
      return read(await oauth.processAuthorizationCodeResponse(server, client, response));
    },
    async refresh({ refreshToken }) {
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client,
        authenticate,
        refreshToken,
        INSECURE,
      );
      return read(await oauth.processRefreshTokenResponse(server, client, response));
    },
    async revoke({ accessToken }) {
      const response = await oauth.revocationRequest(
        server,
        client,
        authenticate,
        accessToken,
        INSECURE,
      );
      await oauth.processRevocationResponse(response);
    },
  };
}

async function describeServer({ issuer, authorizeUrl, tokenUrl, revokeUrl }) {
  if (issuer === undefined)
    return {
      issuer: new URL(authorizeUrl).origin,
      authorization_endpoint: authorizeUrl,
      token_endpoint: tokenUrl,
      revocation_endpoint: revokeUrl,
    };
  const url = new URL(issuer);
  const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...INSECURE });
  return oauth.processDiscoveryResponse(url, response);
}
