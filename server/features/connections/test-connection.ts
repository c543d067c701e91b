import type { ConnectionStore } from './store/connections.ts';
import { describeFailure } from './classify-failure.ts';
import type { FindProvider } from './find-provider.ts';
import { NotAuthorizedError } from './get-access.ts';
import type { RecordOutcome } from './record-outcome.ts';
import type { WithAccess } from './with-access.ts';
import type { Connection } from './store/schema.ts';

/** Answers the connection as it is after the test; undefined when it was deleted meanwhile. */
export type TestConnection = (connection: Connection) => Promise<Connection | undefined>;

/** Renews the token if it is time, makes the provider's cheapest call and records what came of it. */
export function createTestConnection(options: {
  connections: ConnectionStore;
  findProvider: FindProvider;
  withAccess: WithAccess;
  record: RecordOutcome;
  now: () => number;
}): TestConnection {
  const { connections, record } = options;
  return async (connection) => {
    const provider = options.findProvider(connection.provider);
    try {
      const identity = await options.withAccess(connection, (access) => provider.test(access));
      await record.worked(connection, { identity });
    } catch (error) {
      const failure = describeFailure(provider, error);
      if (failure !== undefined) await record.failed(connection, failure);
      else if (error instanceof NotAuthorizedError)
        await connections.update(connection.id, { check_at: null });
      else throw error;
    }
    await connections.update(connection.id, { last_tested_at: options.now() });
    return connections.find(connection.id);
  };
}
