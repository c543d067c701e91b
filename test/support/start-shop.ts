import { startSandbox, type Sandbox } from '@shopkeeper/zendesk-sandbox';
import type { Feature } from '../../server/features/feature.ts';
import { features } from '../../server/features.ts';
import { createShopkeeper } from '../../server/shopkeeper.ts';
import { toSandboxBot } from '../../server/start/start-app.ts';
import type { WorkerSettings } from '../../server/inbox/worker.ts';
import { createLog } from '../../server/log.ts';
import type { Bot } from '../../server/runtime/types.ts';
import type { Engine } from '../../server/store/engines/database.ts';
import { createStores } from '../../server/store/create-stores.ts';
import { createViewEngine } from '../../server/web/views.ts';
import { createBrowser } from './browser/browser.ts';
import { engines, openTestDatabase } from './store/engines.ts';
import { createNotes } from './notes.ts';
import { checkRecordedCalls } from './openapi/check.ts';
import { sampleBot } from './sample-bot.ts';
import { serve } from './network/serve.ts';

export const CLIENT_ID = 'shopkeeper-test';
export const SESSION_SECRET = 'a-session-secret-for-tests-of-32-characters';
export const CLIENT_SECRET = 'sandbox-client-secret-for-tests';

/** As in production, where a process compiles a view once; here for all its shops. */
export const renderView = createViewEngine();

export type Shop = Awaited<ReturnType<typeof startShop>>;

export interface ShopOptions {
  engine?: Engine;
  bot?: Partial<Bot>;
  now?: () => number;
  worker?: Partial<WorkerSettings>;
  answerWithoutSwitchboard?: boolean;
  keepIgnored?: boolean;
  trustProxy?: boolean | number | string;
  features?: readonly Feature[];
  /** Called with the sandbox before the app is put together. */
  onSandbox?: (sandbox: Sandbox) => void;
  /** Of the features. */
  variables?: (sandboxUrl: string) => Record<string, string | undefined>;
  /** False: the pages do not know that Zendesk is a sandbox. */
  sandboxMode?: boolean;
}

/** The app and a sandbox of its own, each on a free port, as `npm start` runs them. */
export async function startShop(options: ShopOptions = {}) {
  const { engine = engines[0] ?? 'sqlite', now = Date.now } = options;
  const { server, url, close: closeServer } = await serve();
  const sandbox = await startSandbox({ port: 0, framedBy: url, record: true, timeScale: 0.0005 });
  options.onSandbox?.(sandbox);
  const database = await openTestDatabase(engine);
  const printed: string[] = [];
  const notes = createNotes();
  const closings: (() => Promise<void>)[] = [];
  const sandboxBot = await toSandboxBot(sampleBot);

  const keys = [{ id: 'test', key: Buffer.alloc(32, 7) }];
  /** Several of them may share the database, as several instances would. */
  function build(publicUrl: string, installed = options.features ?? features) {
    const shopkeeper = createShopkeeper({
      config: {
        publicUrl,
        oauthClient: { id: CLIENT_ID, secret: CLIENT_SECRET },
        marketplace: { name: 'Test shop', organizationId: '42', botId: '7' },
        zendesk: {
          oauthUrl: `${sandbox.url}/sc`,
          apiUrl: `${sandbox.url}/accounts/{subdomain}/sc`,
          legacyApiUrl: `${sandbox.url}/legacy`,
        },
        trustProxy: options.trustProxy ?? false,
        answerWithoutSwitchboard: options.answerWithoutSwitchboard ?? false,
        keepIgnored: options.keepIgnored ?? false,
        sandbox: options.sandboxMode === false ? null : { url: sandbox.url, isPublicDemo: false },
        variables: options.variables?.(sandbox.url) ?? {},
      },
      secrets: { sessionSecrets: [SESSION_SECRET], encryptionKeys: keys },
      database,
      bot: { ...sandboxBot, ...options.bot },
      features: [...installed, notes.feature],
      log: createLog('trace', { write: (line) => printed.push(line) }),
      now,
      worker: { pollMs: 50, ...options.worker },
    });
    shopkeeper.app.engine('ejs', renderView).enable('view cache');
    return shopkeeper;
  }
  function register(publicUrl: string): void {
    sandbox.registerClient({
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      name: 'Test shop',
      redirectUris: [`${publicUrl}/oauth`],
      installUrl: `${publicUrl}/install`,
      removeUrl: `${publicUrl}/remove`,
    });
  }

  register(url);
  let shopkeeper = build(url);
  const handle: typeof shopkeeper.handle = (request, response) =>
    shopkeeper.handle(request, response);
  server.on('request', handle);
  await shopkeeper.start();

  /**
   * Installs into an account, without the consent page; answers the browser that did it and its status page's
   * address.
   */
  async function install(account = 'acme') {
    const browser = createBrowser();
    const asked = browser.location(await browser.get(`${url}/install`));
    sandbox.allowUnasked(new URL(asked).searchParams.get('state') ?? '', account);
    const allowed = browser.location(await browser.get(asked));
    const installed = await browser.get(allowed);
    const statusUrl = browser.location(installed);
    const id = /installations\/([0-9a-f]{32})$/.exec(statusUrl)?.[1];
    if (id === undefined) throw new Error(`Not installed: ${installed.status} ${statusUrl}`);
    return { browser, id, statusUrl };
  }

  return {
    url,
    /** What the server runs, for another server in front of the same app. */
    handle,
    /** The pages of the app, without the receiver of deliveries. */
    app: shopkeeper.app,
    sandbox,
    zendesk: sandbox.control,
    database,
    dataDir: database.dataDir,
    stores: createStores({ database, keys, observe: notes.app, now }),
    notes,
    /** Every line the log wrote. */
    printed,

    install,

    /** The same, and opens its status page. */
    async installAndOpen(account?: string) {
      const installed = await install(account);
      return { ...installed, page: await installed.browser.open(installed.statusUrl) };
    },

    /** A restart, under another public address if given. */
    async restart(publicUrl = url): Promise<void> {
      await shopkeeper.stop(1_000);
      register(publicUrl);
      shopkeeper = build(publicUrl);
      await shopkeeper.start();
    },

    /** A second instance on the same database, on a port of its own; answers its address. */
    async addInstance(installed?: readonly Feature[]): Promise<string> {
      const instance = build(url, installed);
      const place = await serve(instance.handle);
      await instance.start();
      closings.push(async () => {
        await instance.stop(2_000);
        place.close();
      });
      return place.url;
    },

    async close(): Promise<void> {
      for (const closeInstance of closings) await closeInstance();
      await shopkeeper.stop(2_000);
      closeServer();
      await sandbox.close();
      await database.close();
      checkRecordedCalls(sandbox.control.calls);
    },
  };
}

/** What the bot wrote into a conversation, as text, oldest first. */
export function repliesIn(shop: Shop, conversationId: string): string[] {
  return shop.zendesk
    .messages(conversationId)
    .filter(
      ({ author, source, activity }) =>
        author.type === 'business' && source.type === 'api:conversations' && !activity,
    )
    .map(({ content }) => (content.type === 'text' ? String(content.text) : content.type));
}

/** Delivers what a customer of acme wrote; answers the status that the app gave. */
export function deliverText(
  { zendesk }: Pick<Shop, 'zendesk'>,
  conversationId: string,
  text: string,
): Promise<number | null> {
  const events = [zendesk.buildMessageEvent({ conversationId, text })];
  return zendesk.deliver({ account: 'acme', clientId: CLIENT_ID, events });
}
