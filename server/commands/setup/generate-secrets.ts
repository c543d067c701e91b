import { randomBytes } from 'node:crypto';
import { findSecrets } from '../../config/load-secrets.ts';
import { isGiven } from './is-given.ts';

/**
 * Values for those of the two secrets that are missing. What was made for development in the data folder
 * comes along behind them, so that stored tokens and sessions stay readable.
 */
export function generateSecrets(
  present: Record<string, string>,
  dataDir: string,
): Record<string, string> {
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
