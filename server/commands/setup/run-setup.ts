import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readEnvFile } from '../../config/env-file.ts';
import { messageOf, OperatorError } from '../../errors.ts';
import { askQuestions } from './ask-questions.ts';
import type { Ask } from './create-prompt.ts';
import { describeSetup } from './describe-setup.ts';
import { addToEnvText, readEnvText } from './env-text.ts';
import { generateSecrets } from './generate-secrets.ts';
import { writePrivateFile } from './write-private-file.ts';

/**
 * Completes `.env`, or makes it from the template: asks, generates the secrets, writes once at the end.
 * Answers what to tell.
 */
export async function runSetup(options: {
  envFile: string;
  templateFile: string;
  /** Undefined: nobody is asked. */
  ask: Ask | undefined;
}): Promise<string> {
  const { problems } = readEnvFile(options.envFile);
  const source = existsSync(options.envFile) ? options.envFile : options.templateFile;
  const text = await readFile(source, 'utf8').catch((error: unknown) => {
    throw new OperatorError(problems.join('\n') || messageOf(error), { cause: error });
  });
  const present = readEnvText(text);
  const answers = await askQuestions(present, options.ask);
  // As the app finds it: the file lies in the project's folder.
  const dataDir = resolve(dirname(options.envFile), present['DATA_DIR'] ?? 'data');
  const secrets = generateSecrets(present, dataDir);
  const additions = { ...answers, ...secrets };
  const completed = addToEnvText(text, additions);
  await writePrivateFile(options.envFile, completed);
  return describeSetup({
    envFile: options.envFile,
    added: Object.keys(additions),
    values: readEnvText(completed),
    fileProblems: problems,
  });
}
