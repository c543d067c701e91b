import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientKey } from '../../../server/web/rate-limits.ts';
import { startPublicDemo } from '@shopkeeper/zendesk-sandbox';
import type { PublicDemoOptions } from '@shopkeeper/zendesk-sandbox';
import { sampleBot } from '../../support/sample-bot.ts';
import { features } from '../../../server/features.ts';
import { createShopkeeper } from '../../../server/shopkeeper.ts';
import { toSandboxBot } from '../../../server/start/start-app.ts';
import { createLog } from '../../../server/log.ts';
import { createClock } from '../../support/clock.ts';
import { openTestDatabase } from '../../support/store/engines.ts';
import { serve } from '../../support/network/serve.ts';
import { renderView } from '../../support/start-shop.ts';

export const CLIENT = { clientId: 'shopkeeper', clientSecret: 'demo-client-secret-for-tests' };
export const ZOOM_SECRET_TOKEN = 'demo-zoom-secret-token-for-tests';
export const ZOOM_APP = { clientId: 'shop-keeper_zoom', clientSecret: 'zoom-secret' };
export const SERVER_APP = { clientId: 'shop-keeper_s2s', clientSecret: 's2s-secret' };
export const ZOCKS_APP = { clientId: 'shopkeeper-zocks', clientSecret: 'zocks-secret' };

export type Demo = Awaited<ReturnType<typeof startDemo>>;

/** The app beside a public demo, as `SANDBOX=1` in production runs them. The clock is the sandbox's. */
export async function startDemo(
  limits: PublicDemoOptions['limits'] = {},
  variables: (sandboxUrl: string) => Record<string, string | undefined> = () => ({}),
) {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'));
  const database = await openTestDatabase('sqlite');
  const clock = createClock(Date.now());
  const shop = await serve();

  async function startSandbox(port: number) {
    const started = await startPublicDemo({
      port,
      botUrl: shop.url,
      folder,
      trustProxy: 'loopback',
      clientKey,
      log: () => {},
      limits,
      now: clock.now,
      sweepEveryMs: 20,
    });
    started.registerClient({
      ...CLIENT,
      name: 'Shopkeeper',
      redirectUris: [`${shop.url}/oauth`],
      removeUrl: `${shop.url}/remove`,
    });
    started.registerZoomApp({
      ...ZOOM_APP,
      name: 'Calls',
      redirectUris: [`${shop.url}/connections/callback/zoom`],
      scopes: ['user:read:user', 'meeting:write:meeting'],
      eventUrl: `${shop.url}/zoom/events`,
      secretToken: ZOOM_SECRET_TOKEN,
    });
    started.registerZoomServerApp({
      ...SERVER_APP,
      accountId: started.zoomAccountId,
      name: 'Meetings',
      scopes: ['user:read:list_users:admin', 'meeting:write:meeting:admin'],
    });
    started.registerZocksApp({
      ...ZOCKS_APP,
      name: 'Notes',
      redirectUris: [`${shop.url}/connections/callback/zocks`],
      scopes: ['profile'],
    });
    return started;
  }

  let sandbox = await startSandbox(0);
  const { url, zoomAccountId } = sandbox;
  const shopkeeper = createShopkeeper({
    config: {
      publicUrl: shop.url,
      oauthClient: { id: CLIENT.clientId, secret: CLIENT.clientSecret },
      marketplace: { name: 'Shopkeeper', organizationId: '1', botId: '2' },
      zendesk: {
        oauthUrl: `${url}/sc`,
        apiUrl: `${url}/accounts/{subdomain}/sc`,
        legacyApiUrl: `${url}/legacy`,
      },
      trustProxy: false,
      answerWithoutSwitchboard: false,
      keepIgnored: false,
      sandbox: { url, isPublicDemo: true },
      variables: variables(url),
    },
    secrets: {
      sessionSecrets: ['x'.repeat(32)],
      encryptionKeys: [{ id: 'test', key: Buffer.alloc(32, 7) }],
    },
    database,
    bot: await toSandboxBot(sampleBot),
    features,
    log: createLog('silent'),
    worker: { pollMs: 50 },
  });
  shopkeeper.app.engine('ejs', renderView).enable('view cache');
  let isDown = false;
  shop.server.on('request', (request, response) => {
    if (isDown) response.writeHead(503).end();
    else shopkeeper.handle(request, response);
  });
  await shopkeeper.start();

  return {
    url,
    shopUrl: shop.url,
    zoomAccountId,
    folder,
    clock,
    database,
    /** Whether the app answers anything but 503. */
    setShopDown(down: boolean): void {
      isDown = down;
    },
    async restartSandbox(): Promise<void> {
      await sandbox.close();
      sandbox = await startSandbox(Number(new URL(url).port));
    },
    async close(): Promise<void> {
      await shopkeeper.stop(2_000);
      shop.close();
      await sandbox.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
