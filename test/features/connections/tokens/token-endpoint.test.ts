import { expect, it } from 'vitest';
import {
  createOAuthCalls,
  secretInBody,
} from '../../../../server/features/connections/oauth-calls.ts';
import { serveAnswer, type OpenEndpoint } from '../../../oauth/support/open-endpoint.ts';
import { describeTokenAnswers } from '../../../oauth/support/token-answer-cases.ts';
import { describeTokenRefusals } from '../../../oauth/support/token-refusal-cases.ts';

const client = { clientId: 'id', clientSecret: 'a-client-secret' };

const openOAuth = (url: string) =>
  createOAuthCalls({
    authorizeUrl: `${url}/authorize`,
    tokenUrl: `${url}/token`,
    revokeUrl: `${url}/revoke`,
    authenticate: secretInBody,
    timeoutMs: 5_000,
    fetch: (_operation, address, init) => fetch(address, init),
  });

/** As connections ask. */
const openProvider: OpenEndpoint = async (answer) => {
  const place = await serveAnswer(answer);
  const oauth = openOAuth(place.url);
  const redirectUri = 'http://localhost/connections/callback/x';
  const asks = [
    () =>
      oauth.exchange({ client, redirectUri, code: 'code-of-a-test', codeVerifier: 'v'.repeat(43) }),
    () => oauth.refresh(client, 'old-refresh-token'),
    () => oauth.requestToken(client, 'account_credentials', {}),
  ];
  // What was granted besides is scopes.test.ts's affair.
  const tokensAlone = asks.map((ask) => async () => {
    const { scopes: _scopes, ...tokens } = await ask();
    return tokens;
  });
  return { asks: tokensAlone, close: place.close };
};

describeTokenAnswers('a provider', openProvider);
describeTokenRefusals('a provider', openProvider, [
  'RemoteError: Token: status 400 (invalid_grant, … and old-refresh-token of … are bad)',
  'RemoteError: Token: status 400 (invalid_grant, code-of-a-test and … of … are bad)',
  'RemoteError: Token: status 400 (invalid_grant, code-of-a-test and old-refresh-token of … are bad)',
]);

it('a token is revoked where the address is written in another way, too', async () => {
  const place = await serveAnswer({ status: 200, body: '' });
  const { port } = new URL(place.url);
  const oauth = openOAuth(`http://LOCALHOST:${port}`);
  await expect(oauth.revoke(client, 'old-access-token')).resolves.toBeUndefined();
  place.close();
});

it('a refusal to revoke that repeats what it was sent tells nobody', async () => {
  const error_description = 'a-client-secret may not end old-access-token';
  const body = JSON.stringify({ error: 'invalid_request', error_description });
  const place = await serveAnswer({ status: 400, body });
  const refused = openOAuth(place.url).revoke(client, 'old-access-token');
  await expect(refused).rejects.toThrow('Revoke: status 400 (invalid_request, … may not end …)');
  place.close();
});
