import * as oauth from 'openid-client';
import { z } from 'zod';
import { readOAuthForm } from '../oauth/error-form.ts';
import {
  callTokenEndpoint,
  listSecrets,
  readTokenAnswer,
  toTokens,
  type Tokens,
} from '../oauth/token-answer.ts';
import { noAnswer, type RemoteCall, type RemoteFetch } from '../remote-call.ts';
import { readZendeskForm } from './errors.ts';

export interface Authorization {
  /** Where to send the browser; `state` comes back with the answer. */
  authorizationUrl(state: string): URL;
  /**
   * Exchanges a code, whose state was checked, for an access token.
   * @throws RemoteError, see installations/install/callback.ts.
   */
  exchangeCode(code: string): Promise<Tokens>;
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
  config[oauth.customFetch] = async (url, request) => {
    const answer = options.fetch('GetToken', url, {
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
    const response = await answer.catch((error: unknown) => {
      throw noAnswer('GetToken', undefined, error);
    });
    // How the bridge words its refusals is documented nowhere.
    const readForm = (body: unknown) => readZendeskForm(body) ?? readOAuthForm(body);
    const sent = listSecrets(request.body, client.secret);
    return await readTokenAnswer('GetToken', response, { readForm, sent });
  };

  return {
    authorizationUrl: (state) =>
      oauth.buildAuthorizationUrl(config, {
        response_type: 'code',
        redirect_uri: redirectUri,
        state,
      }),
    exchangeCode: (code) =>
      callTokenEndpoint('GetToken', async () => {
        // The library would judge every parameter that came along; only the code counts here.
        const callbackUrl = new URL(redirectUri);
        callbackUrl.searchParams.set('code', code);
        return toTokens(await oauth.authorizationCodeGrant(config, callbackUrl));
      }),
  };
}

/** Zendesk documents a JSON body with these four fields and no others (OpenAPI GetToken). */
function documentedTokenRequest(body: oauth.FetchBody): string {
  const form = new URLSearchParams(body instanceof URLSearchParams ? body : '');
  const fields = ['grant_type', 'code', 'client_id', 'client_secret'];
  return JSON.stringify(Object.fromEntries(fields.map((field) => [field, form.get(field)])));
}

const TokenInfo = z.object({
  app: z.object({
    id: z.string().min(1),
    displayName: z.string().nullish(),
    /** Absent for accounts that were created directly in Sunshine Conversations. */
    subdomain: z.string().nullish(),
  }),
});

/** The account a token belongs to (OpenAPI GetTokenInfo). @throws RemoteError */
export async function getTokenInfo(call: RemoteCall, oauthUrl: string, token: string) {
  const { app } = await call({
    operation: 'GetTokenInfo',
    method: 'GET',
    url: `${oauthUrl}/v2/tokenInfo`,
    accessToken: token,
    answer: TokenInfo,
  });
  return app;
}
