import { MeetingsOAuthClient, MeetingsS2SAuthClient } from '@zoom/rivet/meetings';
import { UsersOAuthClient } from '@zoom/rivet/users';
import axios from 'axios';

/** Where its API is can be told to the SDK, where its OAuth server is cannot. */
function leadToSandbox(url) {
  axios.interceptors.request.use((config) => {
    const { pathname, origin } = new URL(config.url, config.baseURL);
    return origin === 'https://zoom.us' ? { ...config, url: `${url}/zoom${pathname}` } : config;
  });
}

/** A General app: its server, with the install page, the callback and the events; and its API calls. */
export async function openGeneral({ url, redirectUri, secretToken, ...app }) {
  leadToSandbox(url);
  const { origin, pathname, port } = new URL(redirectUri);
  let token;
  const tokenStore = {
    getLatestToken: () => token,
    storeToken(latest) {
      token = latest;
    },
  };
  const installerOptions = {
    directInstall: true,
    redirectUri: origin,
    redirectUriPath: pathname,
    stateStore: 'a secret for the state of tests',
  };
  // Also who installs nothing has to give the installer's options: they are read without looking.
  const common = { ...app, tokenStore, installerOptions, baseUrl: `${url}/zoom/v2` };
  const receiver = { port: Number(port), webhooksSecretToken: secretToken };
  const client = new MeetingsOAuthClient({ ...common, ...receiver });
  const removed = [];
  client.webEventConsumer.event('app_deauthorized', ({ payload }) => {
    removed.push(payload.user_id);
  });
  const server = await client.start();
  const users = new UsersOAuthClient({ ...common, disableReceiver: true });
  return {
    installUrl: `${origin}/zoom/oauth/install`,
    eventUrl: `${origin}/zoom/events`,
    readToken: () => token,
    /** As if the hour of the access token were over. */
    expire() {
      token = { ...token, expirationTimeIso: new Date(0).toISOString() };
    },
    users: users.endpoints.users,
    meetings: client.endpoints.meetings,
    removed,
    close: () => server.close(),
  };
}

/** A Server-to-Server OAuth app. */
export function openServer({ url, ...app }) {
  leadToSandbox(url);
  const options = { ...app, baseUrl: `${url}/zoom/v2`, disableReceiver: true };
  return new MeetingsS2SAuthClient(options).endpoints.meetings;
}
