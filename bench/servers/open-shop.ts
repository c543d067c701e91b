import { randomBytes } from 'node:crypto';
import { bot } from '../../server/bot/bot.ts';
import { features } from '../../server/features.ts';
import { collectWorkEarly } from '../../server/start/run.ts';
import { createShopkeeper } from '../../server/shopkeeper.ts';
import { createStores } from '../../server/store/create-stores.ts';
import { chooseEngine } from '../../server/store/engines/engine.ts';
import { migrate } from '../../server/store/migrate.ts';
import {
  ACCESS_TOKEN,
  installationOwner,
  WEBHOOK_SECRET,
} from '../../server/store/secrets/secrets.ts';

/** The whole app with one account, an echo for a bot, and the worker running. */
export async function openShop({
  dataDir,
  databaseUrl,
  apiUrl,
}: {
  dataDir: string;
  databaseUrl: string;
  apiUrl: string;
}) {
  collectWorkEarly();
  const database = await chooseEngine(features, { dataDir, databaseUrl }).open({
    dataDir,
    databaseUrl,
  });
  await migrate(database, features);
  const encryptionKeys = [{ id: 'bench', key: randomBytes(32) }];
  const stores = createStores({ database, keys: encryptionKeys, now: Date.now });
  const publicUrl = 'http://127.0.0.1:1';
  const sessionSecret = 'a-session-secret-of-32-characters';

  const installationId = randomBytes(16).toString('hex');
  const key = randomBytes(16).toString('hex');
  await stores.installations.create(installationId, 'Bench');
  await stores.installations.update(installationId, {
    app_id: 'app',
    webhook_id: 'webhook',
    webhook_target: `${publicUrl}/webhooks/${installationId}`,
  });
  await stores.installations.setStatus(installationId, ['installing'], 'active');
  await stores.secrets.put(installationOwner(installationId), WEBHOOK_SECRET, key);
  await stores.secrets.put(installationOwner(installationId), ACCESS_TOKEN, 'token');

  const shopkeeper = createShopkeeper({
    config: {
      publicUrl,
      oauthClient: { id: 'shopkeeper', secret: 'bench' },
      marketplace: { name: 'Bench', organizationId: '1', botId: '2' },
      zendesk: {
        oauthUrl: `${apiUrl}/sc`,
        apiUrl: `${apiUrl}/{subdomain}/sc`,
        legacyApiUrl: `${apiUrl}/sc`,
      },
      trustProxy: false,
      answerWithoutSwitchboard: false,
      keepIgnored: false,
      sandbox: null,
      variables: {},
    },
    secrets: { sessionSecrets: [sessionSecret], encryptionKeys },
    database,
    bot: {
      ...bot,
      onMessage: ({ message, reply }) =>
        reply(message.type === 'text' ? `You said: “${message.text}”` : message.type),
    },
    features,
    log: { debug() {}, info() {}, warn: console.warn, error: console.error },
  });
  await shopkeeper.start();
  const hooks = [{ path: `/webhooks/${installationId}`, key }];
  return { shopkeeper, stores, database, installationId, sessionSecret, hooks };
}
