import { loadConfig, localAddress } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';
import { readArguments, runCommand } from './run-command.ts';

/** For a container's health check, in an image without curl: 0 while the app is alive. */
async function checkHealth(): Promise<number> {
  readArguments({});
  const config = loadConfig(process.env, loadEnvFile(process.env));
  const answer = await fetch(`http://${localAddress(config)}/healthz`).catch(() => undefined);
  return answer?.ok === true ? 0 : 1;
}

await runCommand(checkHealth);
