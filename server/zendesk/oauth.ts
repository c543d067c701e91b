import { z } from 'zod';
import { readOAuthForm } from '../oauth/error-form.ts';
import { readTokenAnswer, type TokenMembers } from '../oauth/token-answer.ts';
import { ask, type RemoteCall, type RemoteService } from '../remote-call.ts';
import { readZendeskForm } from './errors.ts';

/** Zendesk's bridge, and who asks it. */
interface Bridge extends RemoteService {
  oauthUrl: string;
  client: { id: string; secret: string };
  /** Where it sends browsers back to. */
  redirectUri: string;
}

/** Where to send the browser (OpenAPI Authorize); `state` comes back with the answer. */
export function authorizationUrl({ oauthUrl, client, redirectUri }: Bridge, state: string): URL {
  const url = new URL(`${oauthUrl}/oauth/authorize`);
  const asked = { response_type: 'code', client_id: client.id, redirect_uri: redirectUri, state };
  url.search = new URLSearchParams(asked).toString();
  return url;
}

/**
 * Exchanges a code, whose state was checked, for an access token. Zendesk documents a JSON body with these
 * four fields and no others (OpenAPI GetToken).
 * @throws RemoteError, see installations/install/callback.ts.
 */
export async function exchangeCode(bridge: Bridge, code: string): Promise<TokenMembers> {
  const { id, secret } = bridge.client;
  const operation = 'GetToken';
  const url = `${bridge.oauthUrl}/oauth/token`;
  const grant = { grant_type: 'authorization_code', code, client_id: id, client_secret: secret };
  // How the bridge words its refusals is documented nowhere.
  const readForm = (body: unknown) => readZendeskForm(body) ?? readOAuthForm(body);
  return await ask(bridge, { operation, method: 'POST', url, body: grant }, (response) =>
    readTokenAnswer(operation, response, { readForm, sent: [secret, code] }),
  );
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
