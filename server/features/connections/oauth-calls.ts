import type * as oauth from 'openid-client';
import { z } from 'zod';
import { noAnswer, type RemoteFetch } from '../../remote-call.ts';
import { columnText } from '../../text.ts';
import { startDeadline } from '../../timers.ts';
import { readOAuthForm } from '../../oauth/error-form.ts';
import { readTokenAnswer } from '../../oauth/token-answer.ts';
import { toTokens } from './tokens/token-answer.ts';
import { callTokenEndpoint, listSecrets, toStandardAnswer } from './openid-client.ts';
import type { Client, Provider, Tokens } from './provider.ts';
import { readScopes } from './tokens/scopes.ts';
import { readRefusal } from '../../remote-error.ts';

const ApiUrl = z.looseObject({ api_url: columnText.optional() });

type OAuthCalls = Pick<
  Provider,
  'authorizeUrl' | 'authorize' | 'exchange' | 'refresh' | 'revoke'
> & {
  /** Any other grant of the token endpoint. */
  requestToken(
    client: Client,
    grantType: string,
    parameters: Record<string, string>,
  ): Promise<Tokens>;
};

/** The OAuth 2.0 of a provider, from its endpoints: authorization code with PKCE S256, refresh, revoke. */
export function createOAuthCalls(options: {
  authorizeUrl: string;
  tokenUrl: string;
  /** Absent: there is none, and revoking does nothing. */
  revokeUrl?: string | undefined;
  /** Absent: the provider knows from the client's settings what to ask the user for. */
  scope?: string | undefined;
  /** How the client proves who it is, from its secret. */
  authenticate: (clientSecret: string) => oauth.ClientAuth;
  timeoutMs: number;
  fetch: RemoteFetch;
}): OAuthCalls {
  const { authorizeUrl, tokenUrl, scope } = options;
  // As the library writes addresses: without a default port, the host in lower case.
  const revokeUrl = options.revokeUrl && new URL(options.revokeUrl).href;
  const server = {
    issuer: new URL(authorizeUrl).origin,
    authorization_endpoint: authorizeUrl,
    token_endpoint: tokenUrl,
    ...(revokeUrl === undefined ? {} : { revocation_endpoint: revokeUrl }),
  };

  /** The library comes with the first call: a start is spared what an instance without connections never needs. */
  async function open({ clientId, clientSecret }: Client) {
    const library = await import('openid-client');
    const authentication = options.authenticate(clientSecret);
    const config = new library.Configuration(server, clientId, {}, authentication);
    // The configuration allows plain http for addresses of this machine only.
    if (tokenUrl.startsWith('http:')) library.allowInsecureRequests(config);
    config[library.customFetch] = (url, request) => send(url, request, clientSecret);
    return { library, config };
  }

  async function send(
    url: string,
    request: oauth.CustomFetchOptions,
    clientSecret: string,
  ): Promise<Response> {
    const operation = url === revokeUrl ? 'Revoke' : 'Token';
    const body = request.body instanceof URLSearchParams ? request.body.toString() : '';
    const deadline = startDeadline(options.timeoutMs);
    try {
      const answer = options.fetch(operation, url, {
        method: request.method,
        headers: request.headers,
        body,
        redirect: 'manual',
        signal: deadline.signal,
      });
      const response = await answer.catch((error: unknown) => {
        throw noAnswer(operation, undefined, error);
      });
      const read = { readForm: readOAuthForm, sent: listSecrets(request.body, clientSecret) };
      if (operation === 'Token')
        return toStandardAnswer(await readTokenAnswer(operation, response, read));
      if (!response.ok) throw await readRefusal(operation, response, read);
      return await readRevocation(response);
    } finally {
      deadline.end();
    }
  }

  /** Any 2xx will do, whatever else it says (RFC 7009 §2.2), but openid-client wants the 200. */
  async function readRevocation(response: Response): Promise<Response> {
    const text = await response.text();
    // A page is of something in between.
    if (/^\s*</.test(text)) throw noAnswer('Revoke', response.status, undefined);
    return new Response(null, { status: 200 });
  }

  return {
    authorizeUrl,

    async authorize({ client, redirectUri, state, codeVerifier }) {
      const { library, config } = await open(client);
      return library.buildAuthorizationUrl(config, {
        response_type: 'code',
        redirect_uri: redirectUri,
        state,
        code_challenge: await library.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(scope === undefined ? {} : { scope }),
      });
    },

    exchange: ({ client, redirectUri, code, codeVerifier }) =>
      callTokenEndpoint('Token', async () => {
        const { library, config } = await open(client);
        // The library judges every parameter of this address, so it gets what counts and no more.
        const callbackUrl = new URL(redirectUri);
        callbackUrl.searchParams.set('code', code);
        const checks = { pkceCodeVerifier: codeVerifier };
        return readTokens(await library.authorizationCodeGrant(config, callbackUrl, checks));
      }),

    refresh: (client, refreshToken) =>
      callTokenEndpoint('Token', async () => {
        const { library, config } = await open(client);
        return readTokens(await library.refreshTokenGrant(config, refreshToken));
      }),

    requestToken: (client, grantType, parameters) =>
      callTokenEndpoint('Token', async () => {
        const { library, config } = await open(client);
        return readTokens(await library.genericGrantRequest(config, grantType, parameters));
      }),

    async revoke(client, accessToken) {
      if (revokeUrl === undefined) return;
      await callTokenEndpoint('Revoke', async () => {
        const { library, config } = await open(client);
        await library.tokenRevocation(config, accessToken);
      });
    },
  };
}

/** In the body, as RFC 6749 §2.3.1 has it for servers that do not take HTTP Basic. */
export function secretInBody(secret: string): oauth.ClientAuth {
  return (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_secret', secret);
  };
}

/**
 * HTTP Basic for servers that do not decode: RFC 6749 §2.3.1 wants id and secret percent-encoded before
 * the Base64, and openid-client does that even to `-` and `_`.
 */
export function basicAsIs(secret: string): oauth.ClientAuth {
  return (_server, client, _body, headers) => {
    const credentials = Buffer.from(`${client.client_id}:${secret}`).toString('base64');
    headers.set('authorization', `Basic ${credentials}`);
  };
}

function readTokens(answer: oauth.TokenEndpointResponse): Tokens {
  const apiUrl = ApiUrl.safeParse(answer).data?.api_url;
  const scopes = readScopes(answer.scope);
  return {
    ...toTokens(answer),
    ...(apiUrl === undefined ? {} : { apiUrl }),
    ...(scopes.length === 0 ? {} : { scopes }),
  };
}
