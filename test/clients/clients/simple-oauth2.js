import { randomBytes } from 'node:crypto';
import { AuthorizationCode } from 'simple-oauth2';

export const can = ['refresh', 'revoke'];

/** It has no PKCE. Its Basic encodes, but nothing that is in a credential here. */
export function open({ clientId, clientSecret, redirectUri, authorizeUrl, tokenUrl, ...rest }) {
  const client = new AuthorizationCode({
    client: { id: clientId, secret: clientSecret },
    auth: {
      tokenHost: new URL(tokenUrl).origin,
      tokenPath: new URL(tokenUrl).pathname,
      authorizeHost: new URL(authorizeUrl).origin,
      authorizePath: new URL(authorizeUrl).pathname,
      revokePath: new URL(rest.revokeUrl).pathname,
    },
  });
  const state = randomBytes(16).toString('hex');
  const read = ({ token }) => ({
    accessToken: token.access_token,
    refreshToken: token.refresh_token,
  });
  const toToken = ({ accessToken, refreshToken }) =>
    client.createToken({ access_token: accessToken, refresh_token: refreshToken });
  return {
    begin: () => client.authorizeURL({ redirect_uri: redirectUri, scope: rest.scopes, state }),
    async finish(callbackUrl) {
      const { searchParams } = new URL(callbackUrl);
      if (searchParams.get('state') !== state) throw new Error('another state');
      const code = searchParams.get('code');
      if (code === null) throw new Error(searchParams.get('error'));
      return read(await client.getToken({ code, redirect_uri: redirectUri }));
    },
    refresh: async (tokens) => read(await toToken(tokens).refresh()),
    revoke: (tokens) => toToken(tokens).revoke('access_token'),
  };
}
