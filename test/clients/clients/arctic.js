import { CodeChallengeMethod, generateCodeVerifier, generateState, OAuth2Client } from 'arctic';

export const can = ['refresh', 'revoke'];

/** It takes no notice of `state` in the callback: that is its user's part. */
export function open({ clientId, clientSecret, redirectUri, authorizeUrl, tokenUrl, ...rest }) {
  const client = new OAuth2Client(clientId, clientSecret, redirectUri);
  const state = generateState();
  const verifier = generateCodeVerifier();
  const read = (tokens) => ({
    accessToken: tokens.accessToken(),
    refreshToken: tokens.refreshToken(),
  });
  return {
    begin: () =>
      client.createAuthorizationURLWithPKCE(
        authorizeUrl,
        state,
        CodeChallengeMethod.S256,
        verifier,
        rest.scopes,
      ).href,
    async finish(callbackUrl) {
      const { searchParams } = new URL(callbackUrl);
      if (searchParams.get('state') !== state) throw new Error('another state');
      const code = searchParams.get('code');
      if (code === null) throw new Error(searchParams.get('error'));
      return read(await client.validateAuthorizationCode(tokenUrl, code, verifier));
    },
    refresh: async ({ refreshToken }) =>
      read(await client.refreshAccessToken(tokenUrl, refreshToken, [])),
    revoke: ({ accessToken }) => client.revokeToken(rest.revokeUrl, accessToken),
  };
}
