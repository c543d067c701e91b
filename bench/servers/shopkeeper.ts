import { randomBytes } from 'node:crypto';
import { features } from '../../server/features.ts';
import { createShopkeeper } from '../../server/shopkeeper.ts';
import { createStores } from '../../server/store/create-stores.ts';
import { chooseEngine } from '../../server/store/engines/engine.ts';
import { migrate } from '../../server/store/migrate.ts';
import {
  ACCESS_TOKEN,
  installationOwner,
  WEBHOOK_SECRET,
} from '../../server/store/secrets/secrets.ts';
import { bot } from '../../server/bot/bot.ts';
import { serve } from './serve.ts';

/** The whole app, with an echo for a bot. Arguments: data folder, database URL or "", the API's address. */
const [dataDir = '', databaseUrl = '', apiUrl = ''] = process.argv.slice(2);
const database = await chooseEngine(features, { dataDir, databaseUrl }).open({
  dataDir,
  databaseUrl,
});
await migrate(database, features);
const encryptionKeys = [{ id: 'bench', key: randomBytes(32) }];
const stores = createStores({ database, keys: encryptionKeys, features, now: Date.now });
const publicUrl = 'http://127.0.0.1:1';

const id = randomBytes(16).toString('hex');
const key = randomBytes(16).toString('hex');
await stores.installations.create(id, 'Bench');
await stores.installations.update(id, {
  app_id: 'app',
  webhook_id: 'webhook',
  webhook_target: `${publicUrl}/webhooks/${id}`,
});
await stores.installations.setStatus(id, ['installing'], 'active');
await stores.secrets.put(installationOwner(id), WEBHOOK_SECRET, key);
await stores.secrets.put(installationOwner(id), ACCESS_TOKEN, 'token');

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
    variables: {},
  },
  secrets: { sessionSecrets: ['a-session-secret-of-32-characters'], encryptionKeys },
  database,
  bot: {
    ...bot,
    onMessage: ({ message, reply }) =>
      reply(message.type === 'text' ? `You said: “${message.text}”` : message.type),
  },
  features,
  sandboxUrl: null,
  log: { debug() {}, info() {}, warn: console.warn, error: console.error },
});
await shopkeeper.start();
await serve(shopkeeper.handle, { hooks: [{ path: `/webhooks/${id}`, key }] });
