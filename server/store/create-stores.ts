import type { Observe } from '../observe.ts';
import type { Database } from './engines/database.ts';
import type { HasSecretOwners } from './secrets/secrets.ts';
import { createSecretStore } from './secrets/secrets.ts';
import { createVault, type EncryptionKey } from './secrets/vault.ts';
import { createAppState } from './tables/app-state.ts';
import { createConversationStore } from './tables/conversations.ts';
import { createInstallationOwnerStore } from './tables/installation-owners.ts';
import { createInstallationStore } from './tables/installations.ts';
import { createLocks } from './tables/locks.ts';
import { createMergeStore } from './tables/merges.ts';
import { createOAuthAttemptStore } from './tables/oauth-attempts.ts';
import { createRemovalStore } from './tables/removals.ts';
import { createSessionStore } from './tables/sessions.ts';
import { createTokenCheckStore } from './tables/token-checks.ts';

export type Stores = ReturnType<typeof createStores>;

export function createStores(options: {
  database: Database;
  keys: readonly EncryptionKey[];
  now: () => number;
  /** Writes the hashes of what was removed where a restore does not reach. */
  onRemoval?: (hashes: readonly string[]) => void;
  /** Told of each installation that is deleted. */
  observe?: Pick<Observe, 'remove'>;
  /** Some have secrets of their own. */
  features?: readonly HasSecretOwners[];
}) {
  const { database, keys, now, onRemoval = () => {}, observe, features = [] } = options;
  const secretOwners = features.flatMap(({ secretOwners: some = [] }) => some);
  const vault = createVault(keys);
  const removals = createRemovalStore({ database, vault, now, onRemoval });
  return {
    installations: createInstallationStore({ database, removals, observe, now }),
    installationOwners: createInstallationOwnerStore({ database, now }),
    secrets: createSecretStore({ database, vault, ownerKinds: secretOwners, now }),
    oauthAttempts: createOAuthAttemptStore({ database, now }),
    conversations: createConversationStore({ database }),
    merges: createMergeStore({ database, now }),
    removals,
    tokenChecks: createTokenCheckStore(database),
    sessions: createSessionStore({ database, now }),
    locks: createLocks({ database, now }),
    appState: createAppState(database),
    /** Of the key that everything is encrypted with now. */
    newestKeyId: vault.newestKeyId,
    /** Who has secrets, beside installations. */
    secretOwners,
  };
}
