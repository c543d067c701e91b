import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Secrets } from '../../config/load-secrets.ts';
import { encryptionKeys, secretList } from '../../config/values.ts';
import { codeOf, messageOf, OperatorError } from '../../errors.ts';

const SecretsFile = z.object({ sessionSecrets: secretList, encryptionKeys });

export const isThere = (dataDir: string): boolean => existsSync(fileIn(dataDir));

/**
 * Made once and kept in `{dataDir}/development-secrets.json` (mode 600), so that sessions and stored tokens
 * survive a restart. @throws OperatorError
 */
export function loadMade(dataDir: string): Secrets {
  makeOnce(dataDir);
  return readMade(dataDir);
}

function makeOnce(dataDir: string): void {
  if (isThere(dataDir)) return;
  const draft = `${fileIn(dataDir)}.${process.pid}.tmp`;
  try {
    // SQLite has made its own by now; another database has none.
    // Not both at once: where mkdir says “no such file”, as below /proc, a recursive one tries for ever.
    for (const folder of [dirname(dataDir), dataDir])
      if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const made = {
      sessionSecrets: randomBytes(32).toString('hex'),
      encryptionKeys: `development:${randomBytes(32).toString('base64')}`,
    };
    writeFileSync(draft, JSON.stringify(made, null, 2), { mode: 0o600 });
    // It has its name only once it is complete, and whoever comes second takes what is there.
    linkSync(draft, fileIn(dataDir));
  } catch (error) {
    if (isThere(dataDir)) return;
    throw new OperatorError(
      `${fileIn(dataDir)} cannot be written: ${messageOf(error)}. Make room or correct the rights there, or set SESSION_SECRETS and ENCRYPTION_KEYS.`,
      { cause: error },
    );
  } finally {
    if (existsSync(draft)) rmSync(draft);
  }
}

function readMade(dataDir: string): Secrets {
  const content = readText(fileIn(dataDir));
  try {
    return SecretsFile.parse(JSON.parse(content));
  } catch {
    // Without the cause: a parser's message quotes what it could not read.
    throw new OperatorError(
      `${fileIn(dataDir)} is damaged. Restore it, or delete the folder to start with an empty one.`,
    );
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OperatorError(
      `${file} cannot be read (${codeOf(error)}), and stored tokens need the keys in it. Give it to the user the app runs as.`,
      { cause: error },
    );
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'development-secrets.json');
}
