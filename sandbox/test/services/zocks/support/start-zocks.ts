import { createHash } from 'node:crypto';
import { z } from 'zod';
import { startSandbox } from '../../../../src/start-sandbox.ts';

/** Its secret holds signs that RFC 6749 has clients encode in Basic. */
export const APP = { clientId: 'zocks-app', clientSecret: 'se/cret+1' };
export const REDIRECT_URI = 'http://localhost/connections/callback/zocks';
export const VERIFIER = 'a-verifier_of~at.least-43-characters-0123456789';
export const PKCE = {
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
};

export const tokensSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  refresh_token: z.string(),
  expires_in: z.literal(3600),
  scope: z.string(),
});

/** A sandbox with a Zocks app, and the calls the app makes. */
export async function startZocks() {
  const sandbox = await startSandbox({ port: 0, record: true });
  const { zocks } = sandbox.control;
  sandbox.registerZocksApp({
    ...APP,
    name: 'Note Bot',
    redirectUris: [REDIRECT_URI],
    scopes: ['profile', 'meetings.read', 'contacts.read'],
  });
  const [adviser] = zocks.users;
  if (!adviser) throw new Error('no Zocks users');

  /** The user's answer on the consent page. */
  function decide(fields: Record<string, string> = {}) {
    return fetch(`${sandbox.url}/zocks/oauth/authorize`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        client_id: APP.clientId,
        response_type: 'code',
        redirect_uri: REDIRECT_URI,
        user: adviser?.id ?? '',
        decision: 'allow',
        ...fields,
      }),
    });
  }

  async function obtainCode(fields: Record<string, string> = {}) {
    const location = (await decide(fields)).headers.get('location') ?? '';
    return new URL(location).searchParams.get('code') ?? '';
  }

  function oauth(path: string, fields: Record<string, string>, app = APP) {
    const pair = `${encodeURIComponent(app.clientId)}:${encodeURIComponent(app.clientSecret)}`;
    return fetch(`${sandbox.url}/zocks/oauth/${path}`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
      body: new URLSearchParams(fields),
    });
  }

  const exchange = (code: string, fields: Record<string, string> = {}) =>
    oauth('token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      ...fields,
    });

  const refresh = (refreshToken: string) =>
    oauth('token', { grant_type: 'refresh_token', refresh_token: refreshToken });

  /** Goes through consent and token request. */
  async function connect() {
    return tokensSchema.parse(await (await exchange(await obtainCode())).json());
  }

  const getMe = (token: string) =>
    fetch(`${sandbox.url}/zocks/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } });

  return {
    ...sandbox,
    zocks,
    adviser,
    decide,
    obtainCode,
    oauth,
    exchange,
    refresh,
    connect,
    getMe,
  };
}

export type ZocksWorld = Awaited<ReturnType<typeof startZocks>>;
