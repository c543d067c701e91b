import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../../server/features/connections/classify.ts';
import { createProviders } from '../../../../server/features/connections/load-providers.ts';
import { createProvider } from '../../../../server/features/connections/providers/zoom/provider.ts';
import { createObserve } from '../../../../server/observe.ts';
import { RemoteError } from '../../../../server/remote-error.ts';
import { serve } from '../../../support/network/serve.ts';

const ZOOM = 'https://zoom.us/oauth';
function findZoom(variables: Record<string, string> = {}) {
  const config = { variables, sandbox: null };
  const all = createProviders({ config, observe: createObserve() });
  const zoom = all.find(({ id }) => id === 'zoom');
  if (zoom === undefined) throw new Error('There is no Zoom provider');
  return zoom;
}

describe('what Zoom’s refusals mean', () => {
  it.each([
    ['dead', { status: 400, code: 'invalid_grant', reason: 'Invalid Token!' }],
    ['dead', { status: 401, code: 'invalid_request', reason: 'Invalid Token!' }],
    ['dead', { status: 400, code: '4735' }],
    ['dead', { status: 400, code: 'invalid_request', reason: 'Token is not found (4737)' }],
    ['dead', { status: 400, code: '4738' }],
    ['dead', { status: 400, code: '4741' }],
    ['refused', { status: 400, code: 'invalid_client', reason: 'Invalid client_id' }],
    ['refused', { status: 401, code: 'invalid_request', reason: 'Nobody knows why' }],
    ['refused', { status: 401, code: '124', reason: 'Invalid access token.' }],
    ['refused', { status: 400, code: 'unsupported_grant_type' }],
    ['refused', { status: 400, code: '4709' }],
    ['refused', { status: 400, code: '4717' }],
    ['refused', { status: 400, code: '300', reason: 'Validation Failed.' }],
    ['refused', { status: 400, code: '4711', reason: 'scopes have changed' }],
    ['busy', { status: 429, code: '429' }],
    ['unavailable', { status: 502 }],
    ['unavailable', {}],
  ] as const)('%s: %j', (kind, failure) => {
    const error = new RemoteError('Token', failure);
    expect(findZoom().classifyError(error).kind).toBe(kind);
  });

  it.each([
    ['scope', { status: 400, code: '4711' }],
    ['scope', { status: 400, code: '104' }],
    ['dead', { status: 401, code: '124' }],
  ])('of an API is %s: %j', (kind, failure) => {
    const error = new RemoteError('GetUser', failure);
    expect(findZoom().classifyError(error).kind).toBe(kind);
  });

  it('names the missing scope', () => {
    const reason = 'Invalid access token, does not contain scopes:[user:read:user].';
    const error = new RemoteError('GetUser', { status: 400, code: '4711', reason });
    expect(findZoom().classifyError(error).reason).toBe(
      'Connected, but the scope user:read:user is missing: add it to the Zoom app, then reconnect.',
    );
  });
});

describe('Zoom’s address', () => {
  const access = { accessToken: 't', authType: 'oauth2', hostUser: null } as const;

  /** The host a test call wants to go to; tests may not leave this machine. */
  async function hostOf(apiUrl: string | null, oauthUrl = ZOOM): Promise<string> {
    const zoom = findZoom({ ZOOM_OAUTH_URL: oauthUrl });
    const failed = await zoom.test({ ...access, apiUrl }).catch((error: unknown) => error);
    const cause = failed instanceof Error ? failed.cause : undefined;
    const inner = cause instanceof Error ? cause.cause : '';
    const text = `${String(cause)} ${String(inner)}`;
    return /tried to reach (\S+)\./.exec(text)?.[1] ?? text;
  }

  it.each([
    ['https://api-eu.zoom.us', 'api-eu.zoom.us'],
    ['https://api.zoom.us', 'api.zoom.us'],
    [null, 'api.zoom.us'],
    ['https://api-eu.zoom.us/', 'api-eu.zoom.us'],
  ])('with %j in the token is at %s', async (apiUrl, host) => {
    expect(await hostOf(apiUrl)).toBe(host);
  });

  it.each([
    [null, 'api.zoomgov.com'],
    ['https://api.zoomgov.com', 'api.zoomgov.com'],
  ])('with %j in the token of a government is at %s', async (apiUrl, host) => {
    expect(await hostOf(apiUrl, 'https://zoomgov.com/oauth')).toBe(host);
  });

  it.each([
    ['https://api.zoomgov.com', ZOOM],
    ['https://api.zoom.us', 'https://zoomgov.com/oauth'],
    ['https://api.zoom.us', 'https://zoom.example/oauth'],
    ['https://api.zoom.us.evil.example', ZOOM],
    ['https://api.evilzoom.us', ZOOM],
    ['https://evil.example/api.zoom.us', ZOOM],
    ['https://api@evil.example', ZOOM],
    ['https://files.zoom.us', ZOOM],
    ['http://api-eu.zoom.us', ZOOM],
    ['https://api-eu.zoom.us:8443', ZOOM],
    ['zoom', ZOOM],
  ])('is never %j for a token of %s, which is a clear refusal', async (apiUrl, oauthUrl) => {
    const zoom = findZoom({ ZOOM_OAUTH_URL: oauthUrl });
    const error: unknown = await zoom.test({ ...access, apiUrl }).catch((thrown) => thrown);
    expect(describeFailure(zoom, error)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('was not sent there'),
    });
  });

  it('is the configured one, whatever comes with the token', async () => {
    const place = await serve((_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end('{"id":"u","email":"u@zoom.example"}');
    });
    const zoom = findZoom({ ZOOM_API_URL: place.url });
    const identity = await zoom.test({ ...access, apiUrl: 'https://api-eu.zoom.us' });
    expect(identity.label).toBe('u@zoom.example');
    place.close();
  });
});

describe('a provider that does not answer', () => {
  it('is given up after the time-out, without an answer to judge', async () => {
    const place = await serve(() => {});
    const zoom = createProvider({
      variables: { ZOOM_OAUTH_URL: place.url, ZOOM_API_URL: place.url },
      hasDemo: false,
      timeoutMs: 50,
      fetch: (_operation, url, init) => fetch(url, init),
    });
    if (zoom === undefined) throw new Error('Zoom is always configured');
    const client = { clientId: 'id', clientSecret: 'secret' };
    const access = { accessToken: 't', apiUrl: null, authType: 'oauth2', hostUser: null } as const;
    const calls = [zoom.refresh(client, 'r'), zoom.test(access), zoom.revoke(client, 't')];
    for (const result of await Promise.allSettled(calls)) {
      const error: unknown = result.status === 'rejected' ? result.reason : undefined;
      expect(error).toBeInstanceOf(RemoteError);
      expect(error).toMatchObject({ status: undefined });
    }
    place.close();
  });
});

describe('revoking', () => {
  const revokeAt = async (status: number, body: string, type = 'application/json') => {
    const place = await serve((_request, response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    const zoom = findZoom({ ZOOM_OAUTH_URL: place.url });
    const result = await zoom.revoke({ clientId: 'id', clientSecret: 'secret' }, 'token').then(
      () => 'done',
      (error: unknown) => describeFailure(zoom, error)?.kind,
    );
    place.close();
    return result;
  };

  it.each([
    [200, '{"status":"success"}'],
    [200, ''],
    [202, ''],
    [204, ''],
    [201, '{}'],
  ])('is done after %i with %j', async (status, body) => {
    expect(await revokeAt(status, body)).toBe('done');
  });

  it.each([
    [400, '{"error":"invalid_token"}'],
    [400, '{"reason":"Invalid Token!","error":"invalid_request"}'],
    [400, '{"error":{"code":"invalid_grant"}}'],
  ])('has nothing left to do after %i with %j', async (status, body) => {
    expect(await revokeAt(status, body)).toBe('dead');
  });

  it.each([
    [401, '{"error":"invalid_client","error_description":null}', 'refused'],
    [401, '{"error":"access_denied"}', 'refused'],
    [403, '{"message":"Forbidden"}', 'unavailable'],
    [404, '', 'unavailable'],
    [503, '{"error":"server_error"}', 'unavailable'],
  ])('is not done after %i with %j', async (status, body, kind) => {
    expect(await revokeAt(status, body)).toBe(kind);
  });

  it('is not done by a page of something in between', async () => {
    expect(await revokeAt(200, '<html>Sign in</html>', 'text/html')).toBe('unavailable');
    expect(await revokeAt(403, '<html>Forbidden</html>', 'text/html')).toBe('unavailable');
  });
});
