import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { loadEnvFile } from '../config/load-env-file.ts';
import { findProjectRoot } from '../project-root.ts';
import { describeFindings } from './doctor/describe-findings.ts';
import { runDoctor } from './doctor/run-doctor.ts';

const Package = z.object({ engines: z.object({ node: z.string() }) });
const TIMEOUT_MS = 5_000;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  loadEnvFile();
  const file = readFileSync(join(findProjectRoot(), 'package.json'), 'utf8');
  const required = Package.parse(JSON.parse(file)).engines.node;
  const findings = await runDoctor({
    environment: process.env,
    node: { running: process.versions.node, required },
    timeoutMs: TIMEOUT_MS,
    now: Date.now,
  });
  const isWell = findings.every(({ status }) => status !== 'problem');
  const report = values.json
    ? `${JSON.stringify({ ok: isWell, findings }, null, 2)}\n`
    : describeFindings(findings);
  await new Promise((written) => process.stdout.write(report, written));
  return isWell ? 0 : 1;
}

// Whatever hangs has its line in the report; it must not keep the command.
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n${messageOf(error)}\n`);
    process.exit(2);
  },
);
