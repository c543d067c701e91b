import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { envFilePath, findProjectRoot, loadEnvFile } from '../config/env-file.ts';
import { findCut } from './doctor/check-configuration.ts';
import { describeFindings } from './doctor/finding.ts';
import { runDoctor } from './doctor/run-doctor.ts';
import { readArguments, runCommand, type Print } from './run-command.ts';

const Package = z.object({ engines: z.object({ node: z.string() }) });
const TIMEOUT_MS = 5_000;

/** `npm run doctor`: looks for what is wrong; with `--json` for programs. 1 when there is a problem. */
async function examine(print: Print): Promise<number> {
  const options = { json: { type: 'boolean', default: false } } as const;
  const { json } = readArguments({ options }).values;
  // Node looks at it when it starts, and .env comes later.
  const given = [process.env['NODE_OPTIONS'] ?? '', ...process.execArgv].join(' ').split(/\s+/);
  const usesEnvProxy =
    process.env['NODE_USE_ENV_PROXY'] === '1' || given.includes('--use-env-proxy');
  const fileProblems = loadEnvFile(process.env);
  const file = readFileSync(join(findProjectRoot(), 'package.json'), 'utf8');
  const required = Package.parse(JSON.parse(file)).engines.node;
  const findings = await runDoctor({
    environment: process.env,
    fileProblems,
    cut: findCut(readEnvText()),
    node: { running: process.versions.node, required, usesEnvProxy },
    timeoutMs: TIMEOUT_MS,
    now: Date.now,
  });
  const isWell = findings.every(({ status }) => status !== 'problem');
  print(json ? JSON.stringify({ ok: isWell, findings }, null, 2) : describeFindings(findings));
  return isWell ? 0 : 1;
}

/** Why there is none to be read is among what loadEnvFile found. */
function readEnvText(): string {
  try {
    return readFileSync(envFilePath(), 'utf8');
  } catch {
    return '';
  }
}

await runCommand(examine);
