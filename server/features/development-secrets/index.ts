import type { Feature } from '../feature.ts';
import { isThere, loadMade } from './secrets-file.ts';

/** Without SESSION_SECRETS and ENCRYPTION_KEYS the app makes its own: once, and never in production. */
export const developmentSecrets: Feature = {
  name: 'development-secrets',
  secrets: { isThere, load: loadMade },
};
