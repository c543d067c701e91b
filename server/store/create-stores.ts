import { createSecretStore } from './secrets/secrets.ts';
import { createVault, type EncryptionKey } from './secrets/vault.ts';
import { createAppState } from './tables/app-state.ts';
import { createConversationStore } from './tables/conversations.ts';
import { createInstallationOwnerStore } from './tables/installation-owners.ts';
import { createInstallationStore, type InstallationStoreDeps } from './tables/installations.ts';
import { createLocks } from './tables/locks.ts';
import { createOAuthAttemptStore } from './tables/oauth-attempts.ts';
import { createSessionStore } from './tables/sessions.ts';

export type Stores = ReturnType<typeof createStores>;

export function createStores(deps: InstallationStoreDeps & { keys: readonly EncryptionKey[] }) {
  const vault = createVault(deps.keys);
  return {
    installations: createInstallationStore(deps),
    installationOwners: createInstallationOwnerStore(deps),
    secrets: createSecretStore({ ...deps, vault }),
    oauthAttempts: createOAuthAttemptStore(deps),
    conversations: createConversationStore(deps.database),
    sessions: createSessionStore(deps),
    locks: createLocks(deps),
    appState: createAppState(deps.database),
    /** What can be compared later, and leads back to nobody: see the vault. */
    hash: vault.hash,
    /** Of the key that everything is encrypted with now. */
    newestKeyId: vault.newestKeyId,
  };
}
