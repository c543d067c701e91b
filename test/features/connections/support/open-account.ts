import { createConnectionsFeature } from '../../../../server/features/connections/index.ts';
import { createConnectionStores } from '../../../../server/features/connections/context.ts';
import { features } from '../../../../server/features.ts';
import type { Provider } from '../../../../server/features/connections/provider.ts';
import type { Browser, Page } from '../../../support/browser/browser.ts';
import { startShop, type ShopOptions } from '../../../support/start-shop.ts';
import type { Connection } from '../../../../server/features/connections/store/schema.ts';

export const ZOOM_SECRET_TOKEN = 'sandbox-zoom-secret-token-for-tests';
export const ZOOM_APP = { clientId: 'bot-for_tests', clientSecret: 'secret-of-the-zoom-app' };
export const SERVER_APP = { clientId: 'bot-s2s_tests', clientSecret: 'secret-of-the-server-app' };
export const ZOCKS_APP = { clientId: 'bot-zocks', clientSecret: 'secret-of-the-zocks-app' };

/** The addresses of the sandbox's Zoom and Zocks, as the environment would have them. */
export const variablesOfSandbox = (url: string) => ({
  ZOOM_OAUTH_URL: `${url}/zoom/oauth`,
  ZOOM_API_URL: `${url}/zoom/v2`,
  ZOOM_WEBHOOK_SECRET_TOKEN: ZOOM_SECRET_TOKEN,
  ZOCKS_AUTHORIZE_URL: `${url}/zocks/oauth/authorize`,
  ZOCKS_TOKEN_URL: `${url}/zocks/oauth/token`,
  ZOCKS_REVOKE_URL: `${url}/zocks/oauth/revoke`,
  ZOCKS_API_URL: `${url}/zocks/api/v1`,
});

export type Account = Awaited<ReturnType<typeof openAccount>>;

/** The app, installed, and the apps a developer would have made at Zoom and Zocks. */
export async function openAccount(options: ShopOptions & { providers?: Provider[] } = {}) {
  const { providers = [], ...rest } = options;
  const connections = createConnectionsFeature({
    providers,
    pollMs: 50,
  });
  const started = await startShop({
    features: features.map((one) => (one.name === 'connections' ? connections : one)),
    variables: variablesOfSandbox,
    ...rest,
  });
  const stores = createConnectionStores({
    database: started.database,
    now: options.now ?? Date.now,
  });
  const shop = { ...started, stores: { ...started.stores, ...stores } };
  const { sandbox, url } = shop;
  sandbox.registerZoomApp({
    ...ZOOM_APP,
    name: 'Test bot',
    redirectUris: [`${url}/connections/callback/zoom`],
    scopes: ['user:read:user', 'meeting:write:meeting'],
    eventUrl: `${url}/zoom/events`,
    secretToken: ZOOM_SECRET_TOKEN,
  });
  sandbox.registerZoomServerApp({
    ...SERVER_APP,
    accountId: sandbox.zoomAccountId,
    name: 'Test bot, server to server',
    scopes: ['user:read:list_users:admin', 'meeting:write:meeting:admin'],
  });
  sandbox.registerZocksApp({
    ...ZOCKS_APP,
    name: 'Test bot',
    redirectUris: [`${url}/connections/callback/zocks`],
    scopes: ['profile', 'notes.read'],
  });
  const { browser, id, statusUrl } = await shop.install();
  const listUrl = `${statusUrl}/connections`;
  const zoom = sandbox.control.zoom;
  const [firstUser] = zoom.users;
  if (firstUser === undefined) throw new Error('The sandbox has no Zoom users');

  async function findConnection(name: string): Promise<Connection> {
    const all = await shop.stores.connections.list(id);
    const found = all.find((connection) => connection.name === name);
    if (found === undefined) throw new Error(`There is no connection ${name}`);
    return found;
  }

  /** The form of a new connection, filled in and sent; the answer is not followed. */
  async function send(fields: Record<string, string>): Promise<Page> {
    const { provider = 'zoom', authType = 'oauth2' } = fields;
    const form = await browser.open(`${listUrl}/new?provider=${provider}&authType=${authType}`);
    return browser.fillIn(form, '/connections', { provider, authType, ...fields });
  }

  return {
    shop,
    /** Of the environment. */
    variables: variablesOfSandbox(sandbox.url),
    browser,
    id,
    statusUrl,
    listUrl,
    zoom,
    firstUser,
    findConnection,
    send,
    connectionUrl: async (name: string) => `${listUrl}/${(await findConnection(name)).id}`,

    /** As *Save & authorize* and Allow do it; answers the page where that ends. */
    async connect(fields: Record<string, string> = {}, userId = firstUser.id): Promise<Page> {
      const sent = await send({ name: 'Sales', oauthClientId: '', ...ZOOM_APP, ...fields });
      return decide(browser, sent, { user: userId, decision: 'allow' });
    },

    /** As *Test & save* does it with Zoom's Server-to-Server credentials. */
    async connectServer(fields: Record<string, string> = {}): Promise<Page> {
      const { zoomAccountId: accountId } = sandbox;
      const custom = { authType: 'custom', name: 'Server', accountId, ...SERVER_APP };
      return browser.follow(await send({ ...custom, ...fields }));
    },

    /** Presses a button of a connection's page; the answer is not followed. */
    async press(name: string, action: string, fields: Record<string, string> = {}): Promise<Page> {
      const page = await browser.open(`${listUrl}/${(await findConnection(name)).id}`);
      return browser.fillIn(page, action, fields);
    },

    close: () => shop.close(),
  };
}

/** Answers the consent page a redirect leads to, and follows where that ends. */
export async function decide(
  browser: Browser,
  redirect: Page,
  fields: Record<string, string>,
): Promise<Page> {
  const callback = await decideOnly(browser, redirect, fields);
  return browser.open(callback);
}

/** The same up to the callback address, which is not opened. */
export async function decideOnly(
  browser: Browser,
  redirect: Page,
  fields: Record<string, string>,
): Promise<string> {
  if (redirect.status !== 303) throw new Error(`No redirect but ${redirect.status}`);
  const consent = await browser.open(browser.location(redirect));
  return browser.location(await browser.fillIn(consent, 'authorize', fields));
}

/** Where the page after a form sends the browser on to, at the provider. */
export async function readAuthorizeUrl(browser: Browser, sent: Page): Promise<URL> {
  const page = await browser.get(browser.location(sent));
  return new URL(page.headers.get('refresh')?.replace('0; url=', '') ?? '');
}
