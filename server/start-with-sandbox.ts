import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../sandbox/start-sandbox.ts';
import type { Config } from './config.ts';
import { explainTakenPort } from './listen.ts';

const CLIENT_ID = 'shopkeeper';

/**
 * Starts the local stand-in for Zendesk, registers this app with it as a partner would be, and answers
 * the configuration that points there.
 */
export async function startWithSandbox(
  config: Config & { sandbox: { port: number } },
  log: (line: string) => void,
): Promise<{ config: Config; sandbox: Sandbox }> {
  const { port } = config.sandbox;
  const snapshotFile = join(config.dataDir, 'sandbox.json');
  const sandbox = await startSandbox({ port, snapshotFile, log }).catch((error: unknown) => {
    throw explainTakenPort(error, 'SANDBOX_PORT', port);
  });
  const clientSecret = randomBytes(24).toString('base64url');
  sandbox.registerClient({
    clientId: CLIENT_ID,
    clientSecret,
    name: config.marketplace.name ?? 'Shopkeeper',
    iconUrl: `${config.publicUrl}/favicon.svg`,
    redirectUris: [`${config.publicUrl}/oauth`],
    removeUrl: `${config.publicUrl}/remove`,
    configurationUrl: `${config.publicUrl}/settings`,
  });
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
    },
  };
}
