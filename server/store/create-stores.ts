import { createObserve, type Observe } from '../observe.ts';
import { createActivityLog } from './tables/activity-log.ts';
import { createOAuthAttemptStore } from './tables/oauth-attempts.ts';
import { createConversationStore } from './tables/conversations.ts';
import { createCustomerStore } from './tables/customers.ts';
import type { Database } from './engines/database.ts';
import { createEventLog } from '../inbox/event-log.ts';
import { createAppState } from './tables/app-state.ts';
import { findKeyProblems } from './secrets/find-key-problems.ts';
import { createInstallationStore } from './tables/installations.ts';
import { createLocks } from './tables/locks.ts';
import { createMergeStore } from './tables/merges.ts';
import { createInstallationOwnerStore, nameOwner } from './tables/installation-owners.ts';
import { createRemovalStore } from './tables/removals.ts';
import { createSecretStore } from './secrets/secrets.ts';
import { createSessionStore } from './tables/sessions.ts';
import { createTokenCheckStore } from './tables/token-checks.ts';
import { createVault, type EncryptionKey } from './secrets/vault.ts';

const DAY_MS = 24 * 60 * 60_000;
const ACTIVITY_KEPT_MS = 30 * DAY_MS;
/** Long after the last delivery that can name a discarded id. */
const MERGES_KEPT_MS = 30 * DAY_MS;

export type Stores = ReturnType<typeof createStores>;

export function createStores(options: {
  database: Database;
  keys: readonly EncryptionKey[];
  now: () => number;
  /** Writes the hashes of what was removed where a restore does not reach. */
  onRemoval?: (hashes: readonly string[]) => void;
  /** Whom to tell when what customers wrote is deleted; nobody by default. */
  observe?: Pick<Observe, 'dropWords'>;
}) {
  const { database, keys, now, onRemoval = () => {}, observe = createObserve() } = options;
  const vault = createVault(keys);
  const removals = createRemovalStore({ database, vault, now, onRemoval });
  return {
    installations: createInstallationStore({ database, removals, observe, now }),
    installationOwners: createInstallationOwnerStore({ database, now }),
    secrets: createSecretStore({ database, vault, now }),
    oauthAttempts: createOAuthAttemptStore({ database, now }),
    conversations: createConversationStore({ database }),
    merges: createMergeStore({ database, now }),
    customers: createCustomerStore({ database, removals, observe, now }),
    removals,
    activityLog: createActivityLog({ database, now }),
    tokenChecks: createTokenCheckStore(database),
    eventLog: createEventLog({ database }),
    sessions: createSessionStore({ database, now }),
    locks: createLocks({ database, now }),
    appState: createAppState(database),
    /** Of the key that everything is encrypted with now. */
    newestKeyId: vault.newestKeyId,
    findKeyProblems: () => findKeyProblems(database, vault),
  };
}

export async function deleteWhatExpired(stores: Stores): Promise<void> {
  await stores.oauthAttempts.deleteExpired();
  await stores.sessions.deleteExpired();
  await stores.activityLog.deleteOlderThan(ACTIVITY_KEPT_MS);
  for (const { ownerId, installationId } of await stores.installationOwners.deleteExpired()) {
    const text = `The access of ${nameOwner(ownerId)} has ended: it had not come for a year.`;
    await stores.activityLog.add(installationId, 'access', text);
  }
  await stores.merges.deleteOlderThan(MERGES_KEPT_MS);
  await stores.removals.deleteOld();
  await stores.locks.deleteDead(DAY_MS);
}
