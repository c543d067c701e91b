import * as oauth from 'openid-client';
import type { RemoteFetch } from '../remote-call.ts';

export interface Authorization {
  /** Where to send the browser; `state` comes back with the answer. */
  authorizationUrl(state: string): URL;
  /**
   * Exchanges a code, whose state was checked, for an access token.
   * @throws openid-client's errors, see installations/explain-authorization-error.ts.
   */
  exchangeCode(code: string): Promise<string>;
}

/** The OAuth 2.0 authorization code flow with Zendesk's bridge (OpenAPI Authorize, GetToken). */
export function createAuthorization(options: {
  oauthUrl: string;
  client: { id: string; secret: string };
  redirectUri: string;
  headers: Record<string, string>;
  timeoutMs: number;
  fetch: RemoteFetch;
}): Authorization {
  const { oauthUrl, client, redirectUri } = options;
  const server = {
    issuer: oauthUrl,
    authorization_endpoint: `${oauthUrl}/oauth/authorize`,
    token_endpoint: `${oauthUrl}/oauth/token`,
  };
  const config = new oauth.Configuration(
    server,
    client.id,
    { client_secret: client.secret },
    oauth.ClientSecretPost(client.secret),
  );
  // The sandbox and local stand-ins have no certificate; a real bridge address is always https.
  if (oauthUrl.startsWith('http:')) oauth.allowInsecureRequests(config);
  config[oauth.customFetch] = (url, request) =>
    options.fetch('GetToken', url, {
      method: 'POST',
      headers: {
        ...options.headers,
        Accept: 'application/json',
        'Content-Type': 'application/json',
      },
      body: documentedTokenRequest(request.body),
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs),
    });

  return {
    authorizationUrl: (state) =>
      oauth.buildAuthorizationUrl(config, {
        response_type: 'code',
        redirect_uri: redirectUri,
        state,
      }),
    async exchangeCode(code) {
      // The library would judge every parameter that came along; only the code counts here.
      const callbackUrl = new URL(redirectUri);
      callbackUrl.searchParams.set('code', code);
      const answer = await oauth.authorizationCodeGrant(config, callbackUrl);
      return answer.access_token;
    },
  };
}

/** Zendesk documents a JSON body with these four fields and no others (OpenAPI GetToken). */
function documentedTokenRequest(body: oauth.FetchBody): string {
  const form = new URLSearchParams(body instanceof URLSearchParams ? body : '');
  const fields = ['grant_type', 'code', 'client_id', 'client_secret'];
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field, form.get(field)])));
}
