import { OperatorError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { EncryptionKey } from '../store/secrets/vault.ts';

/** What signs sessions, and what encrypts; each newest first. */
export interface Secrets {
  sessionSecrets: string[];
  encryptionKeys: EncryptionKey[];
}

export type KnownSecrets = { [Name in keyof Secrets]?: Secrets[Name] | undefined };

/** Those that somebody has who configures none, kept in the data folder. @throws OperatorError */
export interface SecretsMaker {
  isThere: (dataDir: string) => boolean;
  /** Makes them where there are none. */
  load: (dataDir: string) => Secrets;
}

/**
 * The configured secrets; for those that are missing, a feature's. In production none is: loadConfig stops
 * the start.
 * @throws OperatorError
 */
export function loadSecrets(
  { dataDir, sessionSecrets, encryptionKeys }: KnownSecrets & { dataDir: string },
  features: readonly Pick<Feature, 'secrets'>[],
): Secrets {
  if (sessionSecrets && encryptionKeys) return { sessionSecrets, encryptionKeys };
  const [made] = features.flatMap(({ secrets }) => secrets?.load(dataDir) ?? []);
  if (made === undefined)
    throw new OperatorError(
      'SESSION_SECRETS or ENCRYPTION_KEYS is missing: `npm run setup` makes them.',
    );
  return {
    sessionSecrets: sessionSecrets ?? made.sessionSecrets,
    encryptionKeys: encryptionKeys ?? made.encryptionKeys,
  };
}
