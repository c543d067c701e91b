import { describe, expect, it } from 'vitest';
import { createProvider } from '../../../../server/features/connections/providers/zoom/provider.ts';
import type { Access, UseConnection } from '../../../../server/features/connections/provider.ts';

const CLIENT = { clientId: 'id', clientSecret: 'secret' };

/** The provider with the hosts of Zoom for Government stubbed: every call is answered and kept. */
function openGovernment(apiUrl = 'https://api-us.zoomgov.com') {
  const asked: string[] = [];
  const zoom = createProvider({
    variables: { ZOOM_OAUTH_URL: 'https://zoomgov.com/oauth' },
    hasDemo: false,
    timeoutMs: 1_000,
    async fetch(_operation, url) {
      asked.push(url);
      if (url.endsWith('/token')) {
        const token = {
          access_token: 't',
          refresh_token: 'r',
          token_type: 'bearer',
          expires_in: 3600,
        };
        return Response.json({ ...token, scope: 'user:read:user', api_url: apiUrl });
      }
      if (url.endsWith('/revoke')) return Response.json({ status: 'success' });
      if (url.endsWith('/meetings'))
        return Response.json({ join_url: 'https://www.zoomgov.com/j/1' }, { status: 201 });
      return Response.json({ id: 'u', email: 'somebody@agency.example', account_id: 'a' });
    },
  });
  if (zoom === undefined) throw new Error('There is no Zoom provider');
  return { zoom, asked };
}

describe('Zoom for Government', () => {
  it('is all that its connections speak to: to authorize, for tokens, calls, meetings and revocation', async () => {
    const { zoom, asked } = openGovernment();
    const redirectUri = 'https://bot.example/connections/callback/zoom';
    const page = await zoom.authorize({
      client: CLIENT,
      redirectUri,
      state: 's',
      codeVerifier: 'v'.repeat(43),
    });
    expect(page.href).toMatch(/^https:\/\/zoomgov\.com\/oauth\/authorize\?/);
    const tokens = await zoom.exchange({
      client: CLIENT,
      redirectUri,
      code: 'c',
      codeVerifier: 'v'.repeat(43),
    });
    await zoom.refresh(CLIENT, 'r');
    await zoom.requestAccess?.(CLIENT, 'account');
    const access: Access = {
      accessToken: tokens.accessToken,
      apiUrl: tokens.apiUrl ?? null,
      authType: 'oauth2',
      hostUser: null,
    };
    await zoom.test(access);
    const use: UseConnection = async (work) => ({ ok: true, value: await work(access) });
    const tools = zoom.openTools?.(use);
    expect(tools).toHaveProperty('createMeeting');
    if (tools && 'createMeeting' in tools && typeof tools.createMeeting === 'function')
      expect(await tools.createMeeting({ topic: 'x' })).toEqual({
        ok: true,
        joinUrl: 'https://www.zoomgov.com/j/1',
      });
    await zoom.revoke(CLIENT, tokens.accessToken);

    expect(new Set(asked.map((url) => new URL(url).host))).toEqual(
      new Set(['zoomgov.com', 'api-us.zoomgov.com']),
    );
    expect(asked).toHaveLength(6);
  });

  it('gets no token sent to the other Zoom, whatever address comes with it', async () => {
    const { zoom, asked } = openGovernment('https://api.zoom.us');
    const tokens = await zoom.refresh(CLIENT, 'r');
    const access = { accessToken: 't', apiUrl: tokens.apiUrl ?? null, hostUser: null } as const;
    await expect(zoom.test({ ...access, authType: 'oauth2' })).rejects.toThrow(
      'none of zoomgov.com',
    );
    expect(asked).toEqual(['https://zoomgov.com/oauth/token']);
  });
});
