import { get } from 'node:http';
import { loadConfig, localAddress } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';
import { readArguments, runCommand } from './run-command.ts';

/** For a container's health check, in an image without curl: 0 while the app is alive. */
async function checkHealth(): Promise<number> {
  readArguments({});
  const config = loadConfig(process.env, loadEnvFile(process.env));
  return (await isAlive(`http://${localAddress(config)}/healthz`)) ? 0 : 1;
}

/** Without the common agent, and without `fetch`: NODE_USE_ENV_PROXY has these ask a proxy, also for this machine. */
function isAlive(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, ({ statusCode }) => resolve(statusCode === 200));
    request.on('error', () => resolve(false));
  });
}

await runCommand(checkHealth);
