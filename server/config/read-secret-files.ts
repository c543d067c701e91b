import { readFileSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { tidyValue } from './tidy-values.ts';

/**
 * Each may be given as `{NAME}_FILE`, the path of a file with the value, as container platforms do. Features
 * have more.
 */
const SECRETS = [
  'OAUTH_CLIENT_SECRET',
  'SESSION_SECRETS',
  'ENCRYPTION_KEYS',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'METRICS_TOKEN',
  'NGROK_AUTHTOKEN',
];

/** The tidied values with the content of those files, and what is wrong with them; never a secret. */
export function readSecretFiles(given: Record<string, string>, more: readonly string[]) {
  const values = { ...given };
  const problems: string[] = [];
  for (const name of [...SECRETS, ...more]) {
    const variable = `${name}_FILE`;
    const path = given[variable];
    if (path === undefined) continue;
    if (given[name] !== undefined) {
      problems.push(`${variable}: ${name} is set as well; leave one of the two out`);
      continue;
    }
    try {
      const value = tidyValue(readFileSync(path, 'utf8'));
      if (value === '') problems.push(`${variable}: ${path} is empty`);
      else values[name] = value;
    } catch (error) {
      problems.push(`${variable} cannot be read: ${messageOf(error)}`);
    }
  }
  return { values, problems };
}
