import { join } from 'node:path';
import { startPublicDemo, startSandbox } from '@shopkeeper/zendesk-sandbox';
import { prepareDataFolder } from '../shared/data-folder.ts';
import { explainListening } from '../../start/http-server.ts';
import { clientKey } from '../../web/rate-limits.ts';
import { readPlace } from './variables.ts';
import type { SandboxConfig, StandIn } from '../stand-in.ts';

/**
 * @param timeScale multiplies the waits between Zendesk's attempts to deliver.
 * @throws OperatorError when its port is taken.
 */
export async function startStandIn(
  config: SandboxConfig,
  log: (line: string) => void,
  timeScale: number,
): Promise<StandIn> {
  prepareDataFolder(config.dataDir);
  try {
    return await start(config, log, timeScale);
  } catch (error) {
    const { port } = readPlace(config);
    throw explainListening(error, { variable: 'SANDBOX_PORT', port, host: config.host });
  }
}

/** One Zendesk for whoever sits at this machine, or one for every visitor of a public demo. */
async function start(
  config: SandboxConfig,
  log: (line: string) => void,
  timeScale: number,
): Promise<StandIn> {
  const { port, url } = readPlace(config);
  if (!config.sandbox.isPublicDemo) {
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
