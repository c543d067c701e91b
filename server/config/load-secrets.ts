import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { codeOf, messageOf, OperatorError } from '../errors.ts';
import { encryptionKeys, secretList } from './values.ts';

const SecretsFile = z.object({ sessionSecrets: secretList, encryptionKeys });

type Secrets = z.infer<typeof SecretsFile>;

export type KnownSecrets = { [Name in keyof Secrets]?: Secrets[Name] | undefined };

/** What is configured, and the folder for what is not. */
type GivenSecrets = KnownSecrets & { dataDir: string };

/**
 * The configured secrets. Those that are missing are made once and kept in
 * `{dataDir}/development-secrets.json` (mode 600), so that sessions and stored tokens survive a restart.
 * In production none is missing: loadConfig stops the start.
 */
export function loadSecrets(given: GivenSecrets): Secrets {
  const { sessionSecrets, encryptionKeys: keys } = given;
  if (sessionSecrets !== undefined && keys !== undefined)
    return { sessionSecrets, encryptionKeys: keys };
  makeOnce(given.dataDir);
  const made = readMade(given.dataDir);
  return {
    sessionSecrets: sessionSecrets ?? made.sessionSecrets,
    encryptionKeys: keys ?? made.encryptionKeys,
  };
}

/** The same without making any: what is neither configured nor made before is undefined. */
export function findSecrets(given: GivenSecrets): KnownSecrets {
  return existsSync(fileIn(given.dataDir)) ? loadSecrets(given) : given;
}

function makeOnce(dataDir: string): void {
  if (existsSync(fileIn(dataDir))) return;
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
    if (existsSync(fileIn(dataDir))) return;
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
