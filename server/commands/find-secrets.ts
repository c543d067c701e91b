import { loadSecrets, type KnownSecrets } from '../config/load-secrets.ts';
import { features } from '../features.ts';

/** The secrets of the app, without making any: what is neither configured nor made before is undefined. */
export function findSecrets(given: KnownSecrets & { dataDir: string }): KnownSecrets {
  const isMade = features.some(({ secrets }) => secrets?.isThere(given.dataDir));
  return isMade ? loadSecrets(given, features) : given;
}
