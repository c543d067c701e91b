import {
  startPortal,
  DETAILS,
  readCredentials,
} from '../../../sandbox/test/services/portal/support/start-portal.ts';
import { startSandbox } from '../../../sandbox/src/start-sandbox.ts';
import type { Settings } from './client.ts';

/** A service of the sandbox with an app of ours, and what its user and its API do. */
export interface Service {
  settings: Settings;
  /** The user who is asked. */
  userId: string;
  /** The status of the cheapest call with an access token. */
  call: (accessToken: string) => Promise<number>;
  close: () => Promise<void>;
}

const statusOf = async (url: string, accessToken: string) =>
  (await fetch(url, { headers: { Authorization: `Bearer ${accessToken}` } })).status;

/** Zoom describes itself nowhere, and takes HTTP Basic as it is. */
export async function openZoom(redirectUri: string): Promise<Service> {
  const sandbox = await startSandbox({ port: 0 });
  const app = { clientId: 'client_of-tests', clientSecret: 'secret_of-the.client~1' };
  const scopes = ['user:read:user', 'meeting:write:meeting'];
  sandbox.registerZoomApp({ ...app, name: 'Client', redirectUris: [redirectUri], scopes });
  const [user] = sandbox.control.zoom.users;
  const oauth = `${sandbox.url}/zoom/oauth`;
  return {
    settings: {
      ...app,
      redirectUri,
      scopes,
      authorizeUrl: `${oauth}/authorize`,
      tokenUrl: `${oauth}/token`,
      revokeUrl: `${oauth}/revoke`,
      decodesBasic: false,
    },
    userId: user?.id ?? '',
    call: (accessToken) => statusOf(`${sandbox.url}/zoom/v2/users/me`, accessToken),
    close: () => sandbox.close(),
  };
}

/** An app that somebody makes in the portal: OAuth 2.0 after the book, and described. */
export async function openPortal(redirectUri: string): Promise<Service> {
  const world = await startPortal();
  const owner = await world.signIn('Zocks Owner');
  await owner.step('details', DETAILS);
  await owner.step('redirect-uris', { redirectUri });
  const app = readCredentials((await owner.step('scopes', { scope: 'profile' })).text);
  await owner.send(`/portal/apps/${app.clientId}/enabled`, { enabled: 'on' });
  const oauth = `${world.url}/zocks/oauth`;
  return {
    settings: {
      ...app,
      redirectUri,
      scopes: ['profile'],
      authorizeUrl: `${oauth}/authorize`,
      tokenUrl: `${oauth}/token`,
      revokeUrl: `${oauth}/revoke`,
      issuer: `${world.url}/zocks`,
      decodesBasic: true,
    },
    userId: world.personId('Zocks Adviser'),
    call: async (accessToken) => (await world.getMe(accessToken)).status,
    close: () => world.close(),
  };
}
