import { describe, expect, it } from 'vitest';
import { explainAuthorizationError } from '../../server/installations/install/callback.ts';
import { openZendesk, type Answer } from './support/open-endpoint.ts';
import { describeTokenRefusals } from './support/token-refusal-cases.ts';

const concealed = [
  'RemoteError: GetToken: status 400 (invalid_grant, … and old-refresh-token of … are bad)',
];
describeTokenRefusals('Zendesk', openZendesk, concealed, (failure) => {
  expect(explainAuthorizationError(failure)).toMatchObject({ code: 'zendesk_unreachable' });
});

describe('a refusal', () => {
  it.each<[string, Answer, string]>([
    [
      '401 in Zendesk’s words',
      { status: 401, body: '{"errors":[{"code":"unauthorized"}]}' },
      'client_refused',
    ],
    ['invalid_client', { status: 400, body: '{"error":"invalid_client"}' }, 'client_refused'],
    [
      'invalid_grant, even with 401',
      { status: 401, body: '{"error":"invalid_grant"}' },
      'token_refused',
    ],
    [
      '400 in Zendesk’s words',
      { status: 400, body: '{"errors":[{"title":"Bad"}]}' },
      'token_refused',
    ],
    [
      '429',
      { status: 429, body: '{"errors":[{"code":"too_many_requests"}]}' },
      'zendesk_unreachable',
    ],
    [
      'a page',
      { status: 401, headers: { 'Content-Type': 'text/html' }, body: '<h1>No</h1>' },
      'zendesk_unreachable',
    ],
    ['503', { status: 503, body: '{"errors":[{"code":"x"}]}' }, 'zendesk_unreachable'],
  ])('an install with %s is explained', async (_what, answer, code) => {
    const { asks, close } = await openZendesk(answer);
    const [exchange] = asks;
    const failure: unknown = await exchange?.().catch((thrown: unknown) => thrown);
    expect(explainAuthorizationError(failure)).toMatchObject({ code });
    close();
  });
});
