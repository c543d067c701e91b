import { loadConfig, localAddress } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';
import { askHere } from './doctor/ask-url.ts';
import { readArguments, runCommand } from './run-command.ts';

/** As long as the Dockerfile has it. */
const TIMEOUT_MS = 5_000;

/** For a container's health check, in an image without curl: 0 while the app is alive. */
async function checkHealth(): Promise<number> {
  readArguments({});
  const config = loadConfig(process.env, loadEnvFile(process.env));
  const question = { timeoutMs: TIMEOUT_MS };
  const answer = await askHere(`http://${localAddress(config)}/healthz`, question).catch(
    () => undefined,
  );
  return answer?.status === 200 ? 0 : 1;
}

await runCommand(checkHealth);
