import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../errors.ts';
import { envFilePath } from '../config/load-env-file.ts';
import { findProjectRoot } from '../project-root.ts';
import { createPrompt, SetupCancelledError } from './setup/create-prompt.ts';
import { runSetup } from './setup/run-setup.ts';

const CANCELLED = 130;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { yes: { type: 'boolean', default: false } } });
  if (!values.yes && !process.stdin.isTTY) {
    throw new Error(
      'There is no terminal to ask on. `npm run setup -- --yes` asks nothing, takes the defaults and makes the secrets.',
    );
  }
  const prompt = values.yes
    ? undefined
    : createPrompt({ input: process.stdin, output: process.stdout });
  const outcome = await runSetup({
    envFile: envFilePath(),
    templateFile: join(findProjectRoot(), '.env.example'),
    ask: prompt?.ask,
  }).finally(() => prompt?.close());
  process.stdout.write(outcome);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${messageOf(error)}\n`);
  process.exitCode = error instanceof SetupCancelledError ? CANCELLED : 1;
});
