import { join } from 'node:path';
import { envFilePath, findProjectRoot } from '../config/env-file.ts';
import { OperatorError } from '../errors.ts';
import { readArguments, runCommand, type Print } from './run-command.ts';
import { createPrompt, SetupCancelledError } from './setup/prompt.ts';
import { runSetup } from './setup/run-setup.ts';

const CANCELLED = 130;

/** `npm run setup`: completes `.env`, asking what it does not know; with `--yes` it asks nothing. */
async function setUp(print: Print): Promise<number> {
  const options = { yes: { type: 'boolean', default: false } } as const;
  const { yes: isSilent } = readArguments({ options }).values;
  if (!isSilent && !process.stdin.isTTY) {
    throw new OperatorError(
      'There is no terminal to ask on. `npm run setup -- --yes` asks nothing, takes the defaults and makes the secrets.',
    );
  }
  const prompt = isSilent
    ? undefined
    : createPrompt({ input: process.stdin, output: process.stdout });
  try {
    const outcome = await runSetup({
      envFile: envFilePath(),
      templateFile: join(findProjectRoot(), '.env.example'),
      ask: prompt?.ask,
    });
    print(outcome);
    return 0;
  } catch (error) {
    if (!(error instanceof SetupCancelledError)) throw error;
    print(`\n${error.message}`);
    return CANCELLED;
  } finally {
    prompt?.close();
  }
}

await runCommand(setUp);
