import type { ActivityLog } from '../../store/tables/activity-log.ts';
import { SHOPKEEPER, type ConnectionHistory } from './store/connection-history.ts';
import type { ConnectionPatch, ConnectionStore } from './store/connections.ts';
import { RENEW_BEFORE_MS } from './get-access.ts';
import type { Failure, Identity } from './provider.ts';
import type { ConnectionStatus, Connection } from './store/schema.ts';

/** "Re-tested every hour during outages" (Celigo, connection goes offline). */
const HOUR_MS = 60 * 60_000;
const SHORTEST_PAUSE_MS = 60_000;

const NEWS: Record<Exclude<ConnectionStatus, 'disabled'>, string> = {
  connected: 'works again',
  needs_reconnect: 'needs to be reconnected',
  failing: 'fails for the moment',
};

export type RecordOutcome = ReturnType<typeof createRecordOutcome>;

/** Turns what came of a call into the connection's status, and its news into history and activity. */
export function createRecordOutcome(options: {
  connections: ConnectionStore;
  history: ConnectionHistory;
  activityLog: ActivityLog;
  now: () => number;
}) {
  const { connections, now } = options;

  async function settle(
    { id }: Connection,
    status: Exclude<ConnectionStatus, 'disabled'>,
    patch: ConnectionPatch & { reason: string | null },
  ): Promise<void> {
    const before = await connections.find(id);
    // What its owner switched off stays off, whatever a call that was under way found out.
    if (before === undefined || before.status === 'disabled') return;
    await connections.update(id, { ...patch, status });
    if (before.status === status) return;
    const text = `${NEWS[status]}${patch.reason === null ? '.' : `: ${patch.reason}`}`;
    await options.history.add(id, { actor: SHOPKEEPER, text: `It ${text}` });
    const line = `The connection “${before.name}” ${text}`;
    await options.activityLog.add(before.installation_id, 'connection', line);
  }

  return {
    /** `missing`: what is not allowed although it works. */
    async worked(
      connection: Connection,
      { identity, missing = null }: { identity: Identity | null; missing?: string | null },
    ): Promise<void> {
      const current = (await connections.find(connection.id)) ?? connection;
      const expiresAt = current.token_expires_at;
      const checkAt = expiresAt === null ? now() + HOUR_MS : expiresAt - RENEW_BEFORE_MS;
      await settle(connection, 'connected', {
        reason: missing,
        check_at: Math.max(checkAt, now() + SHORTEST_PAUSE_MS),
        ...(identity === null
          ? {}
          : {
              provider_user_id: identity.userId,
              provider_account_id: identity.accountId,
              connected_as: identity.label,
            }),
      });
    },

    async failed(
      connection: Connection,
      { kind, reason, retryAfterMs = 0 }: Failure,
    ): Promise<void> {
      const later = now() + Math.max(HOUR_MS, retryAfterMs);
      switch (kind) {
        case 'scope':
          return this.worked(connection, { identity: null, missing: reason });
        case 'busy': {
          const checkAt = now() + Math.max(SHORTEST_PAUSE_MS, retryAfterMs);
          await connections.update(connection.id, { check_at: checkAt });
          return;
        }
        case 'unavailable':
          return settle(connection, 'failing', { reason, check_at: later });
        case 'refused':
          return settle(connection, 'needs_reconnect', { reason, check_at: later });
        case 'dead': {
          // With OAuth 2.0 only its user can help, and asking again with a dead token never does.
          const checkAt = connection.auth_type === 'oauth2' ? null : later;
          return settle(connection, 'needs_reconnect', { reason, check_at: checkAt });
        }
      }
    },
  };
}
