import { tidyValue } from '../../config/environment.ts';
import { loadConfig, localAddress } from '../../config/load-config.ts';
import { features } from '../../features.ts';
import { runApp } from '../../start/run-app.ts';
import { ngrok, readNgrokVariables } from './variables.ts';
import { type App, startApp } from '../../start/start-app.ts';

/** A public address that leads to the app on this machine, until it is closed. */
export interface Tunnel {
  /** Without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** @throws OperatorError that says why there is no tunnel and what to do; never with the token. */
export type OpenTunnel = (options: {
  /** Where the app will listen, such as `localhost:3000`. */
  address: string;
  authtoken: string | undefined;
  /** The name the tunnel is to have; undefined: whichever the account gives. */
  domain: string | undefined;
}) => Promise<Tunnel>;

/** The whole command: until Ctrl-C, which closes both. */
export async function runTunnel(
  environment: Record<string, string | undefined>,
  openTunnel: OpenTunnel,
  fileProblems?: readonly string[],
): Promise<void> {
  await runApp(async () => {
    const app = await startThroughTunnel(environment, openTunnel, fileProblems);
    process.stdout.write('\nPUBLIC_URL is the tunnel’s for this run; Ctrl-C closes both.\n');
    return app;
  });
}

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
    [...features, ngrok],
  );
  const tunnel = await openTunnel({
    address: localAddress(config),
    ...readNgrokVariables(config.variables),
  });
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
