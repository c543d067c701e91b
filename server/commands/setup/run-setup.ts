import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isUtf16, loadEnvFile } from '../../config/env-file.ts';
import { ConfigError, loadConfig } from '../../config/load-config.ts';
import { findSecrets } from '../find-secrets.ts';
import { messageOf, OperatorError } from '../../errors.ts';
import { features } from '../../features.ts';
import { ADDRESSES } from '../../start/run-app.ts';
import { ngrok } from '../tunnel/variables.ts';
import { askQuestions, isGiven } from './questions.ts';
import type { Ask } from './prompt.ts';
import { addToEnvText, readEnvText, writePrivateFile } from './env-file.ts';

/**
 * Completes `.env`, or makes it from the template: asks, generates the secrets, writes once at the end.
 * Returns what to tell.
 */
export async function runSetup(options: {
  envFile: string;
  templateFile: string;
  /** Undefined: nobody is asked. */
  ask: Ask | undefined;
}): Promise<string> {
  const problems = loadEnvFile({}, options.envFile);
  const source = existsSync(options.envFile) ? options.envFile : options.templateFile;
  const text = await readFile(source, 'utf8').catch((error: unknown) => {
    throw new OperatorError(problems.join('\n') || messageOf(error), { cause: error });
  });
  // What is added would be in another encoding than what is there.
  if (isUtf16(text)) throw new OperatorError(problems.join('\n'));
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

/**
 * Values for those of the two secrets that are missing. What was made for development in the data folder
 * comes along behind them, so that stored tokens and sessions stay readable.
 */
function generateSecrets(present: Record<string, string>, dataDir: string): Record<string, string> {
  const needsSession = !isGiven(present, 'SESSION_SECRETS');
  const needsKeys = !isGiven(present, 'ENCRYPTION_KEYS');
  const made = needsSession || needsKeys ? findSecrets({ dataDir }) : {};
  const session = [randomBytes(32).toString('hex'), ...(made.sessionSecrets ?? [])];
  const keys = [{ id: 'k1', key: randomBytes(32) }, ...(made.encryptionKeys ?? [])];
  return {
    ...(needsSession ? { SESSION_SECRETS: session.join() } : {}),
    ...(needsKeys
      ? { ENCRYPTION_KEYS: keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join() }
      : {}),
  };
}

/** The last words of the setup: names, never values, then what is left to do and the portal's addresses. */
function describeSetup(options: {
  envFile: string;
  added: readonly string[];
  values: Record<string, string>;
  fileProblems: readonly string[];
}): string {
  const what =
    options.added.length === 0 ? 'nothing was missing' : `added ${options.added.join(', ')}`;
  const { publicUrl, next } = judge(options.values, options.fileProblems);
  return [
    '',
    `${options.envFile} (only you can read it): ${what}.`,
    ...next,
    '',
    publicUrl.startsWith('http://localhost')
      ? 'Register these in the partner portal, with your public address in front (PUBLIC_URL, or `npm run tunnel`):'
      : 'Register these in the partner portal:',
    ...ADDRESSES.map(({ field, path }) => `  ${field.padEnd(19)}${publicUrl}${path}`),
  ].join('\n');
}

function judge(
  values: Record<string, string>,
  fileProblems: readonly string[],
): { publicUrl: string; next: string[] } {
  try {
    const { publicUrl, sandbox } = loadConfig(values, fileProblems, [...features, ngrok]);
    const next =
      sandbox === null
        ? 'Next: `npm start`, and `npm run doctor` while it runs.'
        : 'Next: `npm start` runs it with the local sandbox, because there are no credentials yet.';
    return { publicUrl, next: [next] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const next = error.problems.map((problem) => `  - ${problem}`);
    return {
      publicUrl: values['PUBLIC_URL'] ?? `http://localhost:${values['PORT'] ?? 3000}`,
      next: ['Still to be put right there:', ...next],
    };
  }
}
