import type { Observe } from '../../observe.ts';
import type { Log } from '../../log.ts';
import type { ConnectionStores } from './store/stores.ts';
import { createConnectionChecks } from './check-due-connections.ts';
import { createCompleteAuthorization } from './complete-authorization.ts';
import { createDeleteConnection, createRevokeConnection } from './delete-connection.ts';
import { createDescribeConnections } from './describe-connections.ts';
import { createFindClient } from './find-client.ts';
import { createFindProvider } from './find-provider.ts';
import { createForgetUser } from './forget-user.ts';
import { createGetAccess } from './get-access.ts';
import { createKeepCustom } from './keep-custom.ts';
import { createForgetTokens, createKeepTokens } from './keep-tokens.ts';
import { createLinkUser } from './link-user.ts';
import { createOpenConnections } from './open-connections.ts';
import type { Provider } from './provider.ts';
import { createRecordOutcome } from './record-outcome.ts';
import { createRevokeConnections } from './revoke-connections.ts';
import { createTestConnection } from './test-connection.ts';
import { createWithAccess } from './with-access.ts';

export type ConnectionServices = ReturnType<typeof createConnectionServices>;

/** Everything connections do without a browser. */
export function createConnectionServices(options: {
  providers: readonly Provider[];
  publicUrl: string;
  stores: ConnectionStores;
  pollMs: number;
  observe: Observe;
  now: () => number;
  log: Log;
}) {
  const { providers, stores, now, log } = options;
  const base = { ...stores, history: stores.connectionHistory, providers, now };
  const findProvider = createFindProvider(providers);
  const findClient = createFindClient(base);
  const keepTokens = createKeepTokens(base);
  const forgetTokens = createForgetTokens(base);
  const record = createRecordOutcome(base);
  const parts = { ...base, findProvider, findClient, keepTokens, forgetTokens, record };
  const getAccess = createGetAccess({ ...parts, observe: options.observe });
  const withAccess = createWithAccess({ getAccess, findProvider });
  const linkUser = createLinkUser(parts);
  const testConnection = createTestConnection({ ...parts, withAccess });
  const revoke = createRevokeConnection({ ...parts, getAccess });
  return {
    ...parts,
    testConnection,
    revoke,
    revokeConnections: createRevokeConnections({ ...parts, revoke, log }),
    deleteConnection: createDeleteConnection({ ...parts, revoke }),
    keepCustom: createKeepCustom(parts),
    complete: createCompleteAuthorization({ ...parts, linkUser }),
    forgetUser: createForgetUser(parts),
    describeConnections: createDescribeConnections(parts),
    openConnections: createOpenConnections({
      ...parts,
      withAccess,
      publicUrl: options.publicUrl,
    }),
    checks: createConnectionChecks({ ...parts, testConnection, pollMs: options.pollMs, log }),
  };
}
