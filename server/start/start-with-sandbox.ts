import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startPublicDemo, startSandbox } from '@shopkeeper/zendesk-sandbox';
import type { PublicDemo, Sandbox } from '@shopkeeper/zendesk-sandbox';
import type { Config } from '../config/load-config.ts';
import { prepareDataFolder } from '../store/engines/prepare-data-folder.ts';
import type { ConnectionConfig } from '../features/connections/variables.ts';
import { clientKey } from '../web/rate-limits.ts';
import { explainListening } from './listen.ts';

const CLIENT_ID = 'shopkeeper';

/** What the sandbox's consent page says of this app, as its maker would have entered it. */
const PRESENTATION = {
  shortDescription: 'An assistant that answers your customers and hands over to your agents.',
  about:
    'Shopkeeper joins your conversations, answers what it can, and steps aside when a person is needed.',
  whatYouCanDo: [
    'Greet customers and answer their questions',
    'Show a menu with buttons',
    'Hand a conversation over to an agent',
  ],
};

/** Ready to paste from the sandbox's pages; fixed, so that a stored connection survives a restart. */
const ZOOM_APP = { clientId: 'shop-keeper_zoom', clientSecret: 'sandbox-zoom-client-secret' };
const ZOOM_SERVER_APP = { clientId: 'shop-keeper_s2s', clientSecret: 'sandbox-s2s-client-secret' };
const ZOCKS_APP = { clientId: 'shopkeeper-zocks', clientSecret: 'sandbox-zocks-client-secret' };

/** A configuration in sandbox mode. */
export type SandboxConfig = Config & { sandbox: NonNullable<Config['sandbox']> };

type StandIn = Sandbox | PublicDemo;

/**
 * Starts the stand-in for Zendesk, registers this app with it as a partner would be, and answers the
 * configuration that points there.
 */
export async function startWithSandbox(
  config: SandboxConfig,
  log: (line: string) => void,
): Promise<{ config: Config; sandbox: StandIn }> {
  prepareDataFolder(config.dataDir);
  const sandbox = await start(config, log).catch((error: unknown) => {
    const { port } = config.sandbox;
    throw explainListening(error, { variable: 'SANDBOX_PORT', port, host: config.host });
  });
  const clientSecret = randomBytes(24).toString('base64url');
  sandbox.registerClient({
    clientId: CLIENT_ID,
    clientSecret,
    ...PRESENTATION,
    name: config.marketplace.name ?? 'Shopkeeper',
    iconUrl: `${config.publicUrl}/favicon.svg`,
    redirectUris: [`${config.publicUrl}/oauth`],
    installUrl: `${config.publicUrl}/install`,
    removeUrl: `${config.publicUrl}/remove`,
    configurationUrl: `${config.publicUrl}/settings`,
  });
  const webhookSecretToken = randomBytes(24).toString('base64url');
  registerServices(sandbox, { publicUrl: config.publicUrl, secretToken: webhookSecretToken });
  return {
    sandbox,
    config: {
      ...config,
      oauthClient: { id: CLIENT_ID, secret: clientSecret },
      marketplace: {
        name: config.marketplace.name ?? 'Shopkeeper',
        organizationId: config.marketplace.organizationId ?? 'sandbox-organization',
        botId: config.marketplace.botId ?? 'sandbox-bot',
      },
      zendesk: {
        oauthUrl: `${sandbox.url}/sc`,
        apiUrl: `${sandbox.url}/accounts/{subdomain}/sc`,
        legacyApiUrl: `${sandbox.url}/legacy`,
      },
      connections: connectToSandbox(sandbox.url, webhookSecretToken),
    },
  };
}

/** One Zendesk for whoever sits at this machine, or one for every visitor of a public demo. */
async function start(config: SandboxConfig, log: (line: string) => void): Promise<StandIn> {
  const { port, url, isPublicDemo } = config.sandbox;
  if (!isPublicDemo) {
    const snapshotFile = join(config.dataDir, 'sandbox.json');
    return await startSandbox({ port, host: config.host, publicUrl: url, snapshotFile, log });
  }
  if (config.trustProxy === false) {
    log(
      'TRUST_PROXY is not set, so all visitors count as one and share the limits of one address.',
    );
  }
  return await startPublicDemo({
    port,
    host: config.host,
    publicUrl: url,
    botUrl: config.publicUrl,
    folder: join(config.dataDir, 'sandbox'),
    trustProxy: config.trustProxy,
    clientKey,
    log,
  });
}

/** The addresses of the sandbox's Zoom and Zocks. */
export function connectToSandbox(url: string, webhookSecretToken: string): ConnectionConfig {
  return {
    zoom: {
      oauthUrl: `${url}/zoom/oauth`,
      apiUrl: `${url}/zoom/v2`,
      webhookSecretTokens: [webhookSecretToken],
    },
    zocks: {
      authorizeUrl: `${url}/zocks/oauth/authorize`,
      tokenUrl: `${url}/zocks/oauth/token`,
      revokeUrl: `${url}/zocks/oauth/revoke`,
      apiUrl: `${url}/zocks/api/v1`,
      scope: undefined,
    },
  };
}

/** The apps a developer would have made at Zoom and Zocks. */
function registerServices(
  sandbox: StandIn,
  { publicUrl, secretToken }: { publicUrl: string; secretToken: string },
): void {
  sandbox.registerZoomApp({
    ...ZOOM_APP,
    name: 'Shopkeeper',
    redirectUris: [`${publicUrl}/connections/callback/zoom`],
    scopes: ['user:read:user', 'meeting:write:meeting'],
    eventUrl: `${publicUrl}/zoom/events`,
    secretToken,
  });
  sandbox.registerZoomServerApp({
    ...ZOOM_SERVER_APP,
    accountId: sandbox.zoomAccountId,
    name: 'Shopkeeper Server-to-Server',
    scopes: ['user:read:list_users:admin', 'meeting:write:meeting:admin'],
  });
  sandbox.registerZocksApp({
    ...ZOCKS_APP,
    name: 'Shopkeeper',
    iconUrl: `${publicUrl}/favicon.svg`,
    shortDescription: 'Lets the assistant of your shop know whose Zocks account it works with.',
    redirectUris: [`${publicUrl}/connections/callback/zocks`],
    scopes: ['profile'],
  });
}
