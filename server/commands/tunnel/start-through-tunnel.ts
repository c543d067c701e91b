import { loadConfig, localAddress } from '../../config/load-config.ts';
import { features } from '../../features.ts';
import { tidyValue } from '../../config/environment.ts';
import { type App, startApp } from '../../start/start-app.ts';
import type { OpenTunnel } from './tunnel.ts';

/**
 * Opens a tunnel and starts the app with its address as PUBLIC_URL. A tunnel is one proxy, and trusted as
 * such unless TRUST_PROXY says otherwise.
 * @throws what either of the two throws; no tunnel stays open then.
 */
export async function startThroughTunnel(
  environment: Record<string, string | undefined>,
  openTunnel: OpenTunnel,
  fileProblems?: readonly string[],
): Promise<App> {
  // The address is known only once there is a tunnel, and everything else should be right before.
  const config = loadConfig(
    { ...environment, PUBLIC_URL: 'https://tunnel.invalid' },
    fileProblems,
    features,
  );
  const tunnel = await openTunnel({ address: localAddress(config), ...config.ngrok });
  try {
    const app = await startApp({
      ...environment,
      PUBLIC_URL: tunnel.url,
      TRUST_PROXY: tidyValue(environment['TRUST_PROXY'] ?? '') || '1',
    });
    return {
      ...app,
      stop: async () => void (await Promise.all([tunnel.close(), app.stop()])),
    };
  } catch (error) {
    await tunnel.close();
    throw error;
  }
}
