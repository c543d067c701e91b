import type { ActivityLog } from '../../store/tables/activity-log.ts';
import { SHOPKEEPER, type ConnectionHistory } from './store/connection-history.ts';
import type { ConnectionStore, ProviderUser } from './store/connections.ts';
import type { Locks } from '../../store/tables/locks.ts';
import { TOKEN_LOCK_TIMES, tokenLock } from './get-access.ts';
import type { ForgetTokens } from './keep-tokens.ts';

/** The provider's clock and ours may differ by so much. */
const CLOCK_TOLERANCE_MS = 60_000;

export type ForgetUser = (user: ProviderUser, removedAt: number) => Promise<void>;

/**
 * A user removed our app at the provider: deletes what is stored of that user, in every installation.
 * The connections stay as empty shells that say so, for their owners to reconnect or delete. Doing it
 * again finds nothing; an event that comes late does not undo a newer authorization.
 */
export function createForgetUser(options: {
  connections: ConnectionStore;
  history: ConnectionHistory;
  activityLog: ActivityLog;
  locks: Locks;
  forgetTokens: ForgetTokens;
}): ForgetUser {
  const { connections } = options;
  const reason =
    'Its user removed the app there, so everything stored of that user was deleted here.';
  return async (user, removedAt) => {
    for (const {
      id,
      name,
      installation_id: installationId,
      connected_at,
    } of await connections.listOfUser(user)) {
      if ((connected_at ?? 0) > removedAt + CLOCK_TOLERANCE_MS) continue;
      const isThere = await options.locks.withLock(tokenLock(id), TOKEN_LOCK_TIMES, async () => {
        await options.forgetTokens(id);
        return connections.update(id, {
          status: 'needs_reconnect',
          reason,
          provider_user_id: null,
          provider_account_id: null,
          connected_as: null,
          connected_at: null,
          check_at: null,
        });
      });
      // Its owner may have deleted it meanwhile.
      if (!isThere) continue;
      await options.history.add(id, { actor: SHOPKEEPER, text: reason });
      const line = `The connection “${name}” needs to be reconnected. ${reason}`;
      await options.activityLog.add(installationId, 'connection', line);
    }
  };
}
