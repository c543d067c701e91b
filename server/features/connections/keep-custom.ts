import type { ConnectionStore } from './store/connections.ts';
import type { Locks } from '../../store/tables/locks.ts';
import type { SecretStore } from '../../store/secrets/secrets.ts';
import { CLIENT_SECRET } from './find-client.ts';
import type { CustomInput } from './forms.ts';
import { TOKEN_LOCK_TIMES, tokenLock } from './get-access.ts';
import type { ForgetTokens, KeepTokens } from './keep-tokens.ts';
import type { RecordOutcome } from './record-outcome.ts';
import type { Trial } from './try-credentials.ts';
import { type Connection, connectionOwner } from './store/schema.ts';

export type KeepCustom = (
  connection: Connection,
  input: CustomInput,
  trial: Trial,
) => Promise<void>;

/** Stores credentials of a `custom` connection together with what their trial gave. */
export function createKeepCustom(options: {
  connections: ConnectionStore;
  secrets: SecretStore;
  locks: Locks;
  keepTokens: KeepTokens;
  forgetTokens: ForgetTokens;
  record: RecordOutcome;
  now: () => number;
}): KeepCustom {
  const { connections, record, now } = options;
  return async (connection, input, { tokens, identity, failure }) => {
    const { id } = connection;
    await options.locks.withLock(tokenLock(id), TOKEN_LOCK_TIMES, async () => {
      await connections.update(id, {
        name: input.name,
        account_id: input.accountId,
        client_id: input.clientId,
        host_user: input.hostUser,
        last_tested_at: now(),
      });
      await options.secrets.put(connectionOwner(id), CLIENT_SECRET, input.clientSecret);
      if (tokens === null) await options.forgetTokens(id);
      else await options.keepTokens(id, tokens);
    });
    if (failure === null) await record.worked(connection, { identity });
    else await record.failed(connection, failure);
  };
}
