import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import type { ConnectionStore } from './store/connections.ts';
import type { RevokeConnection } from './delete-connection.ts';

/** An installation that goes does not wait longer than this for other services. */
const WITHIN_MS = 8_000;

export type RevokeConnections = (installationId: string) => Promise<void>;

/** Before an installation goes: withdraws its access everywhere, as far as the providers can be reached. */
export function createRevokeConnections(options: {
  connections: ConnectionStore;
  revoke: RevokeConnection;
  log: Log;
}): RevokeConnections {
  return async (installationId) => {
    const all = await options.connections.list(installationId);
    const revoking = all.map(async (connection) => {
      const isRevoked = await options.revoke(connection).catch(() => false);
      if (!isRevoked)
        options.log.warn({ installationId }, 'A connection could not be revoked at its provider.');
    });
    await Promise.race([Promise.all(revoking), sleep(WITHIN_MS, undefined, { ref: false })]);
  };
}
