import type { KeyUse } from '../store/secrets/list-key-ids.ts';

/** For example `3 with k1, 1204 with k2`. */
export function describeKeys(uses: readonly KeyUse[]): string {
  if (uses.length === 0) return 'none';
  return uses.map(({ keyId, secrets }) => `${secrets} with ${keyId}`).join(', ');
}
