import {
  createOAuthCalls,
  secretInBody,
} from '../../../server/features/connections/oauth-calls.ts';
import { serveAnswer, type OpenEndpoint } from '../../oauth/support/open-endpoint.ts';
import { describeTokenAnswers } from '../../oauth/support/token-answer-cases.ts';
import { describeTokenRefusals } from '../../oauth/support/token-refusal-cases.ts';

/** As connections ask. */
const openProvider: OpenEndpoint = async (answer) => {
  const place = await serveAnswer(answer);
  const oauth = createOAuthCalls({
    authorizeUrl: `${place.url}/authorize`,
    tokenUrl: `${place.url}/token`,
    authenticate: secretInBody,
    timeoutMs: 5_000,
    fetch: (_operation, url, init) => fetch(url, init),
  });
  const client = { clientId: 'id', clientSecret: 'a-client-secret' };
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
