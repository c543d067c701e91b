import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';
import { findProjectRoot } from '../project-root.ts';
import { parseEnvText } from './parse-env-text.ts';

/** What an `.env` says, and what is wrong with the file itself: a sentence each, never a value. */
export interface EnvFile {
  values: Record<string, string>;
  problems: string[];
}

/**
 * Adds what `.env` says to the environment; what is set there already wins. Returns what is wrong with the
 * file, for loadConfig to report with everything else.
 */
export function loadEnvFile(
  environment: Record<string, string | undefined>,
  file = envFilePath(),
): string[] {
  const { values, problems } = readEnvFile(file);
  for (const [name, value] of Object.entries(values)) environment[name] ??= value;
  return problems;
}

/** It lies beside package.json, wherever the process was started. */
export function envFilePath(): string {
  return join(findProjectRoot(), '.env');
}

/** A file that is not there says nothing. */
export function readEnvFile(file: string): EnvFile {
  try {
    const { values, oddLines } = parseEnvText(readFileSync(file, 'utf8'));
    // Without what is written there: it may be a secret.
    const problems = oddLines.map(
      (number) => `${file}, line ${number} is no variable: write NAME=value, or # before a comment`,
    );
    return { values, problems };
  } catch (error) {
    const code = codeOf(error) ?? 'unknown reason';
    return { values: {}, problems: code === 'ENOENT' ? [] : [explain(file, code)] };
  }
}

function explain(file: string, code: string): string {
  const isForbidden = code === 'EACCES' || code === 'EPERM';
  const fix = isForbidden
    ? 'give the user the app runs as the right to read it (chown, or chmod 640 and its group)'
    : 'it has to be a file with a line NAME=value for each variable';
  return `${file} cannot be read (${code}): ${fix}`;
}
