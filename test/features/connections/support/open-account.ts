import { createConnectionsFeature } from '../../../../server/features/connections/index.ts';
import { variablesOfSandbox } from '../../../../server/features/connections/sandbox.ts';
import { createConnectionStores } from '../../../../server/features/connections/store/stores.ts';
import { features } from '../../../../server/features.ts';
import type { Provider } from '../../../../server/features/connections/provider.ts';
import type { Browser, Page } from '../../../support/create-browser.ts';
import { startShop, type ShopOptions } from '../../../support/start-shop.ts';
import type { Connection } from '../../../../server/features/connections/store/schema.ts';

export const ZOOM_SECRET_TOKEN = 'sandbox-zoom-secret-token-for-tests';
export const ZOOM_APP = { clientId: 'bot-for_tests', clientSecret: 'secret-of-the-zoom-app' };
export const SERVER_APP = { clientId: 'bot-s2s_tests', clientSecret: 'secret-of-the-server-app' };
export const ZOCKS_APP = { clientId: 'bot-zocks', clientSecret: 'secret-of-the-zocks-app' };

export type Account = Awaited<ReturnType<typeof openAccount>>;

/** The app, installed, and the apps a developer would have made at Zoom and Zocks. */
export async function openAccount(options: ShopOptions & { providers?: Provider[] } = {}) {
  const { providers = [], ...rest } = options;
  const connections = createConnectionsFeature({
    providers: providers.map((provider) => () => provider),
    pollMs: 50,
  });
  const started = await startShop({
    features: features.map((one) => (one.name === 'connections' ? connections : one)),
    variables: (sandboxUrl) => variablesOfSandbox(sandboxUrl, ZOOM_SECRET_TOKEN),
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
    scopes: ['profile'],
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
    return submitForm(browser, form, '/connections', { provider, authType, ...fields });
  }

  return {
    shop,
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
      return follow(browser, await send({ ...custom, ...fields }));
    },

    /** Presses a button of a connection's page; the answer is not followed. */
    async press(name: string, action: string, fields: Record<string, string> = {}): Promise<Page> {
      const page = await browser.open(`${listUrl}/${(await findConnection(name)).id}`);
      return submitForm(browser, page, action, fields);
    },

    close: () => shop.close(),
  };
}

/** Sends a form of the page with the given fields beside its hidden ones. */
export async function submitForm(
  browser: Browser,
  page: Page,
  actionEnd: string,
  fields: Record<string, string>,
): Promise<Page> {
  const forms = page.text.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((html) => new RegExp(`action="[^"]*${actionEnd}"`).test(html));
  if (form === undefined) throw new Error(`${page.url} has no form for ${actionEnd}`);
  const action = /action="([^"]*)"/.exec(form)?.[1] ?? '';
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const values = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
  return browser.post(new URL(action, page.url).href, { ...values, ...fields });
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
  return browser.location(await submitForm(browser, consent, 'authorize', fields));
}

/** Where the page after a form sends the browser on to, at the provider. */
export async function readAuthorizeUrl(browser: Browser, sent: Page): Promise<URL> {
  const page = await browser.get(browser.location(sent));
  return new URL(page.headers.get('refresh')?.replace('0; url=', '') ?? '');
}

export async function follow(browser: Browser, page: Page): Promise<Page> {
  return page.status === 303 ? browser.open(browser.location(page)) : page;
}
