import * as oauth from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { APP, REDIRECT_URI, startZocks } from './support/start-zocks.ts';
import type { ZocksWorld } from './support/start-zocks.ts';

const WELL_KNOWN = '/.well-known/oauth-authorization-server';
const Description = z.object({
  token_endpoint: z.url(),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  revocation_endpoint: z.url(),
  revocation_endpoint_auth_methods_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
  code_challenge_methods_supported: z.array(z.string()),
  scopes_supported: z.array(z.string()),
});

describe('the discovery document of Zocks', () => {
  let world: ZocksWorld;

  beforeEach(async () => {
    world = await startZocks();
  });

  afterEach(() => world.close());

  const read = async (path: string) => (await fetch(`${world.url}${path}`)).json();

  it('is where RFC 8414 has it, where clients append it, and found from the origin', async () => {
    const description = await read(`${WELL_KNOWN}/zocks`);
    expect(description).toMatchObject({ issuer: `${world.url}/zocks` });
    expect(await read(`/zocks${WELL_KNOWN}`)).toEqual(description);
    expect(await read(WELL_KNOWN)).toEqual(description);
    expect((await fetch(`${world.url}${WELL_KNOWN}/zoom`)).status).toBe(404);
  });

  it('is enough for a client to authorize, which is told who answered', async () => {
    const { clientId, clientSecret } = APP;
    const config = await oauth.discovery(
      new URL(`${world.url}/zocks`),
      clientId,
      clientSecret,
      undefined,
      { algorithm: 'oauth2', execute: [oauth.allowInsecureRequests] },
    );
    const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
    const url = oauth.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const fields = { ...Object.fromEntries(url.searchParams), user: world.adviser.id };
    const body = new URLSearchParams({ ...fields, decision: 'allow' });
    const consent = { method: 'POST', redirect: 'manual', body } as const;
    const { headers } = await fetch(`${url.origin}${url.pathname}`, consent);
    const callback = new URL(headers.get('location') ?? '');
    expect(callback.searchParams.get('iss')).toBe(`${world.url}/zocks`);
    const tokens = await oauth.authorizationCodeGrant(config, callback, { pkceCodeVerifier });
    await oauth.tokenRevocation(config, tokens.access_token);
    expect((await world.getMe(tokens.access_token)).status).toBe(401);
  });

  it('says what the endpoints do, and no more', async () => {
    const description = Description.parse(await read(`${WELL_KNOWN}/zocks`));
    const pair = `${encodeURIComponent(APP.clientId)}:${encodeURIComponent(APP.clientSecret)}`;
    const Authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    const inBody = { client_id: APP.clientId, client_secret: APP.clientSecret };
    const ways: Record<string, { headers?: Record<string, string>; fields: object }> = {
      client_secret_basic: { headers: { Authorization }, fields: {} },
      client_secret_post: { fields: inBody },
      none: { fields: { client_id: APP.clientId } },
    };
    async function listWays(endpoint: string, fields: Record<string, string>) {
      const taken = await Promise.all(
        Object.entries(ways).map(async ([name, way]) => {
          const body = new URLSearchParams({ ...fields, ...way.fields });
          const { headers = {} } = way;
          const { status } = await fetch(endpoint, { method: 'POST', headers, body });
          return status === 401 ? [] : [name];
        }),
      );
      return taken.flat();
    }
    const token = { grant_type: 'refresh_token', refresh_token: 'unknown' };
    expect(await listWays(description.token_endpoint, token)).toEqual(
      description.token_endpoint_auth_methods_supported,
    );
    expect(await listWays(description.revocation_endpoint, { token: 'unknown' })).toEqual(
      description.revocation_endpoint_auth_methods_supported,
    );

    for (const grantType of [...description.grant_types_supported, 'client_credentials']) {
      const answer = await world.oauth('token', { grant_type: grantType });
      const isKnown = description.grant_types_supported.includes(grantType);
      const error = isKnown ? 'invalid_request' : 'unsupported_grant_type';
      expect(await answer.json()).toMatchObject({ error });
    }
    for (const method of [...description.code_challenge_methods_supported, 'S512']) {
      const challenge = { code_challenge: 'a'.repeat(43), code_challenge_method: method };
      const isKnown = description.code_challenge_methods_supported.includes(method);
      expect((await world.decide(challenge)).status).toBe(isKnown ? 302 : 400);
    }
    const scopes = description.scopes_supported;
    world.registerZocksApp({ ...APP, name: 'All', redirectUris: [REDIRECT_URI], scopes });
    expect((await world.decide({ scope: scopes.join(' ') })).status).toBe(302);
  });
});
