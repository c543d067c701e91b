import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../errors.ts';

/** One variable, as dotenv 16 has it: `NAME=value`, `export NAME=value` or `NAME: value`, then a comment. */
export const ASSIGNMENT =
  /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\n]+)?\s*(?:#.*)?$/gm;

/**
 * Adds what `.env` says to the environment; what is set there already wins. Returns what is wrong with the
 * file, a sentence each, for loadConfig to report with everything else. One that is not there says nothing.
 */
export function loadEnvFile(
  environment: Record<string, string | undefined>,
  file = envFilePath(),
): string[] {
  try {
    const text = readFileSync(file, 'utf8');
    if (isUtf16(text)) return [`${file} is UTF-16, as PowerShell writes it: save it as UTF-8`];
    const { values, oddLines } = parseEnvText(text);
    for (const [name, value] of Object.entries(values)) environment[name] ??= value;
    // Without what is written there: it may be a secret.
    return oddLines.map(
      (number) => `${file}, line ${number} is no variable: write NAME=value, or # before a comment`,
    );
  } catch (error) {
    const code = codeOf(error) ?? 'unknown reason';
    return code === 'ENOENT' ? [] : [explain(file, code)];
  }
}

/** It lies beside package.json, wherever the process was started. */
export function envFilePath(): string {
  return join(findProjectRoot(), '.env');
}

/** Of what was read as UTF-8, every other character is none then. */
export const isUtf16 = (text: string): boolean => text.includes('\0');

function explain(file: string, code: string): string {
  const isForbidden = code === 'EACCES' || code === 'EPERM';
  const fix = isForbidden
    ? 'give the user the app runs as the right to read it (chown, or chmod 640 and its group)'
    : 'it has to be a file with a line NAME=value for each variable';
  return `${file} cannot be read (${code}): ${fix}`;
}

/**
 * Reads the text of an `.env` as dotenv does, a byte order mark and line ends of Windows included. dotenv
 * passes over lines that are neither a variable nor a comment nor empty; `oddLines` has their numbers, from 1.
 */
export function parseEnvText(given: string) {
  const text = given.replace(/\r\n?/g, '\n');
  const values: Record<string, string> = {};
  const rest = text.replace(ASSIGNMENT, (assignment: string, name: string, value = '') => {
    values[name] = unquote(value.trim());
    return assignment.replace(/[^\n]/g, '');
  });
  const oddLines = rest
    .split('\n')
    .flatMap((line, index) => (/^\s*(#|$)/.test(line) ? [] : [index + 1]));
  return { values, oddLines };
}

function unquote(value: string): string {
  const inner = value.replace(/^(['"`])([\s\S]*)\1$/gm, '$2');
  return value.startsWith('"') ? inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : inner;
}

/**
 * The folder with package.json, seen from this file: it is one level up in development and two when
 * compiled to dist/, and never the working directory, from which the app may or may not be started.
 */
export function findProjectRoot(from: string = import.meta.dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('package.json was not found above the server folder.');
  return findProjectRoot(parent);
}
