import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startPublicDemo, startSandbox } from '@shopkeeper/zendesk-sandbox';
import type { Config } from '../config/load-config.ts';
import { prepareDataFolder } from '../config/data-folder.ts';
import type { Feature, StandIn } from '../features/feature.ts';
import { clientKey } from '../web/rate-limits.ts';
import { explainListening } from './http-server.ts';

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

/** A configuration in sandbox mode. */
export type SandboxConfig = Config & { sandbox: NonNullable<Config['sandbox']> };

/**
 * Starts the stand-in for Zendesk, registers this app with it as a partner would be, and returns the
 * configuration that points there.
 */
export async function startWithSandbox(
  config: SandboxConfig,
  features: readonly Pick<Feature, 'sandbox'>[],
  log: (line: string) => void,
  running?: StandIn,
): Promise<{ config: Config; sandbox: StandIn }> {
  const sandbox = running ?? (await startSandboxOf(config, log));
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
  const ofFeatures = features.map((feature) => feature.sandbox?.(sandbox, config.publicUrl));
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
      variables: Object.assign({}, config.variables, ...ofFeatures),
    },
  };
}

/**
 * @param timeScale multiplies the waits between Zendesk's attempts to deliver.
 * @throws OperatorError when its port is taken.
 */
export async function startSandboxOf(
  config: SandboxConfig,
  log: (line: string) => void,
  timeScale = 1,
): Promise<StandIn> {
  prepareDataFolder(config.dataDir);
  try {
    return await start(config, log, timeScale);
  } catch (error) {
    const { port } = config.sandbox;
    throw explainListening(error, { variable: 'SANDBOX_PORT', port, host: config.host });
  }
}

/** One Zendesk for whoever sits at this machine, or one for every visitor of a public demo. */
async function start(
  config: SandboxConfig,
  log: (line: string) => void,
  timeScale: number,
): Promise<StandIn> {
  const { port, url, isPublicDemo } = config.sandbox;
  if (!isPublicDemo) {
    const snapshotFile = join(config.dataDir, 'sandbox.json');
    const common = { port, host: config.host, publicUrl: url, framedBy: config.publicUrl, log };
    return await startSandbox({ ...common, snapshotFile, timeScale });
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
