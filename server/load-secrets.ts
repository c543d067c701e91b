import type { Config } from './config.ts';
import { loadDevelopmentSecrets } from './development-secrets.ts';

/** The configured secrets; in development those that are missing come from the data folder. */
export function loadSecrets(config: Pick<Config, 'sessionSecrets' | 'encryptionKeys' | 'dataDir'>) {
  const { sessionSecrets, encryptionKeys, dataDir } = config;
  if (sessionSecrets !== undefined && encryptionKeys !== undefined)
    return { sessionSecrets, encryptionKeys };
  const made = loadDevelopmentSecrets(dataDir);
  return {
    sessionSecrets: sessionSecrets ?? made.sessionSecrets,
    encryptionKeys: encryptionKeys ?? made.encryptionKeys,
  };
}
