import { loadEnvFile } from '../config/env-file.ts';
import { openNgrokTunnel } from './tunnel/ngrok.ts';
import { runTunnel } from './tunnel/run-tunnel.ts';

const fileProblems = loadEnvFile(process.env);
await runTunnel(process.env, openNgrokTunnel, fileProblems);
