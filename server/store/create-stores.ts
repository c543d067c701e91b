import { createActivityStore } from './activity.ts';
import { createAttemptStore } from './attempts.ts';
import { createConnectionHistory } from './connection-history.ts';
import { createConnectionStore } from './connections.ts';
import { createConversationStore } from './conversations.ts';
import type { Database } from './database.ts';
import { createEventLog } from './event-log.ts';
import { createInstallationStore } from './installations.ts';
import { createLocks } from './locks.ts';
import { createOAuthClientStore } from './oauth-clients.ts';
import { createOwnerStore } from './owners.ts';
import { createSecretStore } from './secrets.ts';
import { createSessionStore } from './session-store.ts';
import { createVault, type EncryptionKey } from './vault.ts';

const ACTIVITY_KEPT_MS = 30 * 24 * 60 * 60_000;

export type Stores = ReturnType<typeof createStores>;

export function createStores(options: {
  database: Database;
  keys: readonly EncryptionKey[];
  now: () => number;
}) {
  const { database, keys, now } = options;
  return {
    installations: createInstallationStore({ database, now }),
    owners: createOwnerStore({ database, now }),
    secrets: createSecretStore({ database, vault: createVault(keys), now }),
    attempts: createAttemptStore({ database, now }),
    conversations: createConversationStore({ database }),
    activity: createActivityStore({ database, now }),
    eventLog: createEventLog({ database }),
    sessions: createSessionStore({ database, now }),
    locks: createLocks({ database, now }),
    oauthClients: createOAuthClientStore({ database, now }),
    connections: createConnectionStore({ database, now }),
    connectionHistory: createConnectionHistory({ database, now }),
  };
}

export async function deleteWhatExpired({ attempts, sessions, activity }: Stores): Promise<void> {
  await attempts.deleteExpired();
  await sessions.deleteExpired();
  await activity.deleteOlderThan(ACTIVITY_KEPT_MS);
}
