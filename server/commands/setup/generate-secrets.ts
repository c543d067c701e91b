import { randomBytes } from 'node:crypto';
import { findDevelopmentSecrets } from '../../development-secrets.ts';

/**
 * New values for the two secrets. What was made for development in the data folder comes along behind
 * them, so that stored tokens and sessions stay readable.
 */
export function generateSecrets(dataDir: string): Record<string, string> {
  const made = findDevelopmentSecrets(dataDir);
  const keys = (made?.encryptionKeys ?? []).map(({ id, key }) => `${id}:${key.toString('base64')}`);
  return {
    SESSION_SECRETS: [randomBytes(32).toString('hex'), ...(made?.sessionSecrets ?? [])].join(),
    ENCRYPTION_KEYS: [`k1:${randomBytes(32).toString('base64')}`, ...keys].join(),
  };
}
