import * as oauth from 'openid-client';
import { z } from 'zod';
import { noAnswer, type RemoteFetch } from '../../remote-call.ts';
import { columnText } from '../../text.ts';
import { orAbsent, readOAuthForm } from '../../oauth/error-form.ts';
import { readTokenAnswer, toTokens, type TokenMembers } from '../../oauth/token-answer.ts';
import type { Client, Provider, Tokens } from './provider.ts';
import { readScopes } from './tokens/scopes.ts';
import { readRefusal, RemoteError } from '../../remote-error.ts';

/** Some send a list instead of the text of RFC 6749 §3.3. */
const ScopeList = z
  .array(z.string())
  .nonempty()
  .transform((all) => all.join(' '));
const Scope = orAbsent(z.union([z.string().min(1), ScopeList]));
const ApiUrl = z.looseObject({ api_url: columnText.optional() });

export type OAuthCalls = Pick<
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
  const { authorizeUrl, tokenUrl, revokeUrl, scope } = options;
  const server = {
    issuer: new URL(authorizeUrl).origin,
    authorization_endpoint: authorizeUrl,
    token_endpoint: tokenUrl,
    ...(revokeUrl === undefined ? {} : { revocation_endpoint: revokeUrl }),
  };

  function configure({ clientId, clientSecret }: Client): oauth.Configuration {
    const config = new oauth.Configuration(
      server,
      clientId,
      {},
      options.authenticate(clientSecret),
    );
    // The configuration allows plain http for addresses of this machine only.
    if (tokenUrl.startsWith('http:')) oauth.allowInsecureRequests(config);
    config[oauth.customFetch] = (url, request) => send(url, request, clientSecret);
    return config;
  }

  async function send(
    url: string,
    request: oauth.CustomFetchOptions,
    clientSecret: string,
  ): Promise<Response> {
    const operation = url === revokeUrl ? 'Revoke' : 'Token';
    const body = request.body instanceof URLSearchParams ? request.body.toString() : '';
    const answer = options.fetch(operation, url, {
      method: request.method,
      headers: request.headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    const response = await answer.catch((error: unknown) => {
      throw noAnswer(operation, undefined, error);
    });
    if (operation === 'Token') {
      const sent = listSecrets(request.body, clientSecret);
      const read = { readForm: readOAuthForm, sent };
      return toStandardAnswer(await readTokenAnswer(operation, response, read));
    }
    if (!response.ok) throw await readRefusal(operation, response, readOAuthForm);
    return await readRevocation(response);
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
      return oauth.buildAuthorizationUrl(configure(client), {
        response_type: 'code',
        redirect_uri: redirectUri,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(scope === undefined ? {} : { scope }),
      });
    },

    exchange: ({ client, redirectUri, code, codeVerifier }) =>
      callTokenEndpoint('Token', async () => {
        // The library judges every parameter of this address, so it gets what counts and no more.
        const callbackUrl = new URL(redirectUri);
        callbackUrl.searchParams.set('code', code);
        const checks = { pkceCodeVerifier: codeVerifier };
        return readTokens(
          await oauth.authorizationCodeGrant(configure(client), callbackUrl, checks),
        );
      }),

    refresh: (client, refreshToken) =>
      callTokenEndpoint('Token', async () =>
        readTokens(await oauth.refreshTokenGrant(configure(client), refreshToken)),
      ),

    requestToken: (client, grantType, parameters) =>
      callTokenEndpoint('Token', async () =>
        readTokens(await oauth.genericGrantRequest(configure(client), grantType, parameters)),
      ),

    async revoke(client, accessToken) {
      if (revokeUrl === undefined) return;
      await callTokenEndpoint('Revoke', () =>
        oauth.tokenRevocation(configure(client), accessToken),
      );
    },
  };
}

/**
 * One that openid-client takes, which refuses the whole for a member of another kind, or about a user's
 * identity: nobody here asks for that.
 */
function toStandardAnswer({ id_token: _identity, scope, ...used }: TokenMembers): Response {
  // There is no other way here to use a token; whether it is good, its first call shows.
  return Response.json({ ...used, scope: Scope.parse(scope), token_type: 'Bearer' });
}

/** The fields of a token request that are nobody else's business. */
function listSecrets(body: oauth.FetchBody, clientSecret: string): string[] {
  const form = new URLSearchParams(body instanceof URLSearchParams ? body : '');
  const fields = ['code', 'code_verifier', 'refresh_token'].map((field) => form.get(field) ?? '');
  return [clientSecret, ...fields].filter((secret) => secret !== '');
}

/** Runs a call of openid-client, and makes one kind of error of all it throws. */
async function callTokenEndpoint<Result>(
  operation: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RemoteError) throw error;
    if (error instanceof Error && error.cause instanceof RemoteError) throw error.cause;
    throw new RemoteError(operation, { reason: 'no usable answer', cause: error });
  }
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
