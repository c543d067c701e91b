import type { Observe } from '../observe.ts';
import type { Database } from './engines/database.ts';
import { createSecretStore } from './secrets/secrets.ts';
import { createVault, type EncryptionKey } from './secrets/vault.ts';
import { createAppState } from './tables/app-state.ts';
import { createConversationStore } from './tables/conversations.ts';
import { createInstallationOwnerStore } from './tables/installation-owners.ts';
import { createInstallationStore } from './tables/installations.ts';
import { createLocks } from './tables/locks.ts';
import { createOAuthAttemptStore } from './tables/oauth-attempts.ts';
import { createSessionStore } from './tables/sessions.ts';

export type Stores = ReturnType<typeof createStores>;

export function createStores(options: {
  database: Database;
  keys: readonly EncryptionKey[];
  now: () => number;
  /** Told of each installation that is deleted. */
  observe?: Pick<Observe, 'remove'>;
}) {
  const { database, keys, now, observe } = options;
  const vault = createVault(keys);
  return {
    installations: createInstallationStore({ database, observe, now }),
    installationOwners: createInstallationOwnerStore({ database, now }),
    secrets: createSecretStore({ database, vault, now }),
    oauthAttempts: createOAuthAttemptStore({ database, now }),
    conversations: createConversationStore(database),
    sessions: createSessionStore({ database, now }),
    locks: createLocks({ database, now }),
    appState: createAppState(database),
    /** What can be compared later, and leads back to nobody: see the vault. */
    hash: vault.hash,
    /** Of the key that everything is encrypted with now. */
    newestKeyId: vault.newestKeyId,
  };
}
