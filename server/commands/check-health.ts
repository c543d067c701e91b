import { loadConfig, localAddress } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';

/** For a container's health check, in an image without curl: ends with 0 while the app is alive. */
const config = loadConfig(process.env, loadEnvFile(process.env));
const answer = await fetch(`http://${localAddress(config)}/healthz`).catch(() => undefined);
process.exitCode = answer?.ok === true ? 0 : 1;
