import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { encryptionKeys, secretList } from './config-values.ts';
import { codeOf, OperatorError } from './errors.ts';
import { prepareDataFolder } from './store/prepare-data-folder.ts';

const SecretsFile = z.object({ sessionSecrets: secretList, encryptionKeys });

/**
 * Secrets for development, made once and kept in `{dataDir}/development-secrets.json` (mode 600), so
 * that sessions and stored tokens survive a restart. Production never comes here: there a missing
 * secret stops the start.
 */
export function loadDevelopmentSecrets(dataDir: string): z.infer<typeof SecretsFile> {
  const file = secretsFile(dataDir);
  prepareDataFolder(dataDir);
  try {
    const made = {
      sessionSecrets: randomBytes(32).toString('hex'),
      encryptionKeys: `development:${randomBytes(32).toString('base64')}`,
    };
    writeFileSync(file, JSON.stringify(made, null, 2), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  return readSecrets(file);
}

/** Those that were made before; undefined when there are none. */
export function findDevelopmentSecrets(dataDir: string): z.infer<typeof SecretsFile> | undefined {
  const file = secretsFile(dataDir);
  return existsSync(file) ? readSecrets(file) : undefined;
}

function secretsFile(dataDir: string): string {
  return join(dataDir, 'development-secrets.json');
}

function readSecrets(file: string): z.infer<typeof SecretsFile> {
  const content = readFileSync(file, 'utf8');
  try {
    return SecretsFile.parse(JSON.parse(content));
  } catch {
    // Without the cause: a parser's message quotes what it could not read.
    throw new OperatorError(
      `${file} is damaged. Restore it, or delete the folder to start with an empty one.`,
    );
  }
}
