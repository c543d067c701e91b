import type { ActivityLog } from '../../store/tables/activity-log.ts';
import type { ConnectionHistory } from './store/connection-history.ts';
import type { ConnectionStore } from './store/connections.ts';
import type { Locks } from '../../store/tables/locks.ts';
import { describeFailure } from './classify-failure.ts';
import type { FindProvider } from './find-provider.ts';
import { TOKEN_LOCK_TIMES, tokenLock } from './get-access.ts';
import type { KeepTokens } from './keep-tokens.ts';
import type { LinkUser } from './link-user.ts';
import type { Failure, Identity, Tokens } from './provider.ts';
import type { RecordOutcome } from './record-outcome.ts';
import type { Connection } from './store/schema.ts';

export type CompleteAuthorization = (
  connection: Connection,
  tokens: Tokens,
  actor: string,
) => Promise<Connection>;

/** Keeps new tokens before anything else can fail, then learns whose they are. */
export function createCompleteAuthorization(options: {
  connections: ConnectionStore;
  history: ConnectionHistory;
  activityLog: ActivityLog;
  locks: Locks;
  findProvider: FindProvider;
  keepTokens: KeepTokens;
  linkUser: LinkUser;
  record: RecordOutcome;
  now: () => number;
}): CompleteAuthorization {
  const { connections, record, now } = options;

  return async (connection, tokens, actor) => {
    const provider = options.findProvider(connection.provider);
    await options.locks.withLock(tokenLock(connection.id), TOKEN_LOCK_TIMES, () =>
      options.keepTokens(connection.id, tokens),
    );
    let identity: Identity | null = null;
    let failure: Failure | undefined;
    try {
      identity = await provider.test({
        accessToken: tokens.accessToken,
        apiUrl: tokens.apiUrl ?? null,
        authType: 'oauth2',
        hostUser: null,
      });
    } catch (error) {
      failure = describeFailure(provider, error);
      if (failure === undefined) throw error;
    }

    const kept = (await connections.find(connection.id)) ?? connection;
    const target = identity === null ? kept : await options.linkUser(kept, identity);
    const at = now();
    await connections.update(target.id, {
      status: 'connected',
      reason: null,
      connected_at: at,
      last_tested_at: at,
    });
    await options.history.add(target.id, { actor, text: `Authorized at ${provider.name}.` });
    const line = `The connection “${target.name}” was authorized at ${provider.name}.`;
    await options.activityLog.add(target.installation_id, 'connection', line);
    if (failure === undefined) await record.worked(target, { identity });
    else await record.failed(target, failure);
    return target;
  };
}
