import { createHash } from 'node:crypto';
import { z } from 'zod';
import { startSandbox } from '../../../../src/start-sandbox.ts';
import type { SandboxOptions } from '../../../../src/start-sandbox.ts';
import { startReceiver } from '../../../support/start-receiver.ts';

export const APP = { clientId: 'general-app_1', clientSecret: 'general-secret_1' };
export const SERVER_APP = { clientId: 'server-app_1', clientSecret: 'server-secret_1' };
export const VERIFIER = 'a-verifier_of~at.least-43-characters-0123456789';
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const SCOPES = ['user:read:user', 'meeting:write:meeting', 'meeting:read:meeting'];
const SERVER_SCOPES = ['user:read:list_users:admin', 'meeting:write:meeting:admin'];

const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().default('none'),
  scope: z.string(),
});

const meetingSchema = z.looseObject({ id: z.number(), join_url: z.string() });

/** A sandbox with both kinds of Zoom app, something that receives events, and calls an app makes. */
export async function startZoom(options: Partial<SandboxOptions> = {}) {
  const receiver = await startReceiver();
  receiver.settings.zoomSecret = 'event-secret';
  const sandbox = await startSandbox({ port: 0, timeScale: 0.00001, record: true, ...options });
  const redirectUri = `${receiver.url}/callback`;
  sandbox.registerZoomApp({
    ...APP,
    name: 'Meeting Bot',
    redirectUris: [redirectUri],
    scopes: SCOPES,
    eventUrl: `${receiver.url}/zoom/events`,
    secretToken: 'event-secret',
  });
  sandbox.registerZoomServerApp({
    ...SERVER_APP,
    accountId: sandbox.zoomAccountId,
    name: 'Meeting Server',
    scopes: SERVER_SCOPES,
  });
  await sandbox.control.zoom.validateEventUrl(APP.clientId);
  receiver.received.length = 0;
  const [owner, admin] = sandbox.control.zoom.users;
  if (!owner || !admin) throw new Error('no Zoom users');

  /** The user's answer on the consent page. */
  function decide(fields: Record<string, string> = {}) {
    return fetch(`${sandbox.url}/zoom/oauth/authorize`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        client_id: APP.clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        user: owner?.id ?? '',
        decision: 'allow',
        ...fields,
      }),
    });
  }

  async function obtainCode(fields: Record<string, string> = {}): Promise<string> {
    const response = await decide(fields);
    return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
  }

  function oauth(path: string, fields: Record<string, string>, app = APP) {
    return fetch(`${sandbox.url}/zoom/oauth/${path}`, {
      method: 'POST',
      headers: { Authorization: basic(app) },
      body: new URLSearchParams(fields),
    });
  }

  const exchange = (code: string, fields: Record<string, string> = {}) =>
    oauth('token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      ...fields,
    });

  const refresh = (refreshToken: string) =>
    oauth('token', { grant_type: 'refresh_token', refresh_token: refreshToken });

  const requestServerToken = (accountId = sandbox.zoomAccountId, app = SERVER_APP) =>
    oauth('token', { grant_type: 'account_credentials', account_id: accountId }, app);

  /** Goes through consent and token request. */
  async function connect(fields: Record<string, string> = {}) {
    const response = await exchange(await obtainCode(fields));
    return tokensSchema.parse(await response.json());
  }

  async function connectServer() {
    return tokensSchema.parse(await (await requestServerToken()).json());
  }

  async function api(token: string, method: string, path: string, body?: unknown) {
    const response = await fetch(`${sandbox.url}/zoom/v2${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = response.status === 204 ? undefined : await response.json();
    return { status: response.status, headers: response.headers, body: answer };
  }

  async function createMeeting(token: string, body: unknown = { topic: 'Fitting' }) {
    const created = await api(token, 'POST', '/users/me/meetings', body);
    return meetingSchema.parse(created.body);
  }

  return {
    ...sandbox,
    zoom: sandbox.control.zoom,
    receiver,
    redirectUri,
    owner,
    admin,
    decide,
    obtainCode,
    oauth,
    exchange,
    refresh,
    requestServerToken,
    connect,
    connectServer,
    api,
    createMeeting,
    async close() {
      await sandbox.close();
      await receiver.close();
    },
  };
}

export type ZoomWorld = Awaited<ReturnType<typeof startZoom>>;

function basic({ clientId, clientSecret }: typeof APP): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

export { tokensSchema };
