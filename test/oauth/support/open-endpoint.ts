import type { RequestListener } from 'node:http';
import { ClientSecretPost } from 'openid-client';
import { createOAuthCalls } from '../../../server/features/connections/oauth-calls.ts';
import { createAuthorization } from '../../../server/zendesk/oauth.ts';
import { serve } from '../../support/serve.ts';

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string;
}

/** A token endpoint that says this to everybody, and both of our clients for it. */
export async function openEndpoint({ status = 200, headers = {}, body }: Answer) {
  const handle: RequestListener = (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
  };
  const place = await serve(handle);
  const fetch = (_operation: string, url: string, init: RequestInit) => globalThis.fetch(url, init);
  const oauth = createOAuthCalls({
    authorizeUrl: `${place.url}/authorize`,
    tokenUrl: `${place.url}/token`,
    authenticate: ClientSecretPost,
    timeoutMs: 5_000,
    fetch,
  });
  const client = { clientId: 'id', clientSecret: 'a-client-secret' };
  const zendesk = createAuthorization({
    oauthUrl: place.url,
    client: { id: 'id', secret: 'a-client-secret' },
    redirectUri: 'http://localhost/oauth',
    headers: {},
    timeoutMs: 5_000,
    fetch,
  });
  const redirectUri = 'http://localhost/connections/callback/x';
  const asks = [
    () => zendesk.exchangeCode('code-of-a-test'),
    () =>
      oauth.exchange({ client, redirectUri, code: 'code-of-a-test', codeVerifier: 'v'.repeat(43) }),
    () => oauth.refresh(client, 'old-refresh-token'),
    () => oauth.requestToken(client, 'account_credentials', {}),
  ];
  return { asks, close: place.close };
}
