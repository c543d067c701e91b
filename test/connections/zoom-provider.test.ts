import { describe, expect, it } from 'vitest';
import { loadProviders } from '../../server/connections/load-providers.ts';
import { createProvider } from '../../server/connections/providers/zoom.ts';
import { RemoteError } from '../../server/remote-error.ts';
import type { ConnectionConfig } from '../../server/config/connection-variables.ts';
import { measureNothing } from '../support/measure-nothing.ts';
import { serve } from '../support/serve.ts';

const CONFIG: ConnectionConfig = {
  zoom: { oauthUrl: 'https://zoom.us/oauth', apiUrl: undefined, webhookSecretTokens: [] },
  zocks: null,
};

async function findZoom(config = CONFIG) {
  const zoom = (await loadProviders(config, () => measureNothing)).find(({ id }) => id === 'zoom');
  if (zoom === undefined) throw new Error('There is no Zoom provider');
  return zoom;
}

describe('what Zoom’s refusals mean', () => {
  it.each([
    ['dead', { status: 400, code: 'invalid_grant', reason: 'Invalid Token!' }],
    ['dead', { status: 401, code: 'invalid_request', reason: 'Invalid Token!' }],
    ['dead', { status: 401, code: '124', reason: 'Invalid access token.' }],
    ['dead', { status: 400, code: '4735' }],
    ['dead', { status: 400, code: 'invalid_request', reason: 'Token is not found (4737)' }],
    ['dead', { status: 400, code: '4738' }],
    ['dead', { status: 400, code: '4741' }],
    ['refused', { status: 400, code: 'invalid_client', reason: 'Invalid client_id' }],
    ['refused', { status: 400, code: 'unsupported_grant_type' }],
    ['refused', { status: 400, code: '4709' }],
    ['refused', { status: 400, code: '4717' }],
    ['refused', { status: 400, code: '300', reason: 'Validation Failed.' }],
    ['refused', { status: 400, code: '4711', reason: 'scopes have changed' }],
    ['busy', { status: 429, code: '429' }],
    ['unavailable', { status: 502 }],
    ['unavailable', {}],
  ] as const)('%s: %j', async (kind, failure) => {
    const error = new RemoteError('Token', failure);
    expect((await findZoom()).classifyError(error).kind).toBe(kind);
  });

  it.each(['4711', '104'])('scope: %s of an API', async (code) => {
    const error = new RemoteError('GetUser', { status: 400, code });
    expect((await findZoom()).classifyError(error).kind).toBe('scope');
  });

  it('names the missing scope', async () => {
    const reason = 'Invalid access token, does not contain scopes:[user:read:user].';
    const error = new RemoteError('GetUser', { status: 400, code: '4711', reason });
    expect((await findZoom()).classifyError(error).reason).toBe(
      'Connected, but the scope user:read:user is missing: add it to the Zoom app, then reconnect.',
    );
  });
});

describe('Zoom’s address', () => {
  const access = { accessToken: 't', authType: 'oauth2', hostUser: null } as const;

  /** The host a test call wants to go to; tests may not leave this machine. */
  async function hostOf(apiUrl: string | null): Promise<string> {
    const zoom = await findZoom();
    const failed = await zoom.test({ ...access, apiUrl }).catch((error: unknown) => error);
    const cause = failed instanceof Error ? String(failed.cause) : '';
    const inner =
      failed instanceof Error && failed.cause instanceof Error ? String(failed.cause.cause) : '';
    return /tried to reach (\S+)\./.exec(`${cause} ${inner}`)?.[1] ?? `${cause} ${inner}`;
  }

  it.each([
    ['https://api-eu.zoom.us', 'api-eu.zoom.us'],
    ['https://api.zoom.us', 'api.zoom.us'],
    [null, 'api.zoom.us'],
    ['https://api.zoom.us.evil.example', 'api.zoom.us'],
    ['https://evil.example/api.zoom.us', 'api.zoom.us'],
    ['https://api@evil.example', 'api.zoom.us'],
    ['http://api-eu.zoom.us', 'api.zoom.us'],
    ['https://api-eu.zoom.us:8443', 'api.zoom.us'],
  ])('with %j in the token is at %s', async (apiUrl, host) => {
    expect(await hostOf(apiUrl)).toBe(host);
  });

  it('is the configured one, whatever comes with the token', async () => {
    const place = await serve((_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end('{"id":"u","email":"u@zoom.example"}');
    });
    const zoom = await findZoom({ ...CONFIG, zoom: { ...CONFIG.zoom, apiUrl: place.url } });
    const identity = await zoom.test({ ...access, apiUrl: 'https://api-eu.zoom.us' });
    expect(identity.label).toBe('u@zoom.example');
    place.close();
  });
});

describe('a provider that does not answer', () => {
  it('is given up after the time-out, without an answer to judge', async () => {
    const place = await serve(() => {});
    const zoom = createProvider({
      config: { ...CONFIG, zoom: { ...CONFIG.zoom, oauthUrl: place.url, apiUrl: place.url } },
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
