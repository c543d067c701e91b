import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  recordFailure,
  recordSuccess,
} from '../../../server/features/connections/health/health.ts';
import { forgetUser } from '../../../server/features/connections/end/end.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../../support/store/engines.ts';
import { createConnection } from './support/create-connection.ts';
import { createContext } from './support/create-context.ts';
import { createMadeUpProvider } from './support/made-up-provider.ts';

describe.each(engines)('a connection that its owner switches off, on %s,', (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  afterAll(() => database.close());

  it.each([
    ['succeeded', recordSuccess],
    [
      'failed',
      (...[context, connection]: Parameters<typeof recordSuccess>) =>
        recordFailure(context, connection, { kind: 'unavailable', reason: 'Away.' }),
    ],
  ])('stays off, also while it is written down that a call %s', async (_outcome, record) => {
    const provider = createMadeUpProvider();
    const context = createContext(database, { providers: [provider] });
    const { connections, connectionHistory, installations } = context;
    const connection = await createConnection(context, provider);
    async function findAfterSwitchingOff(id: string) {
      await connections.update(connection.id, { status: 'disabled', reason: 'Switched off.' });
      return installations.find(id);
    }
    const slow = { ...context, installations: { ...installations, find: findAfterSwitchingOff } };
    await record(slow, connection);
    const { status, reason } = (await connections.find(connection.id)) ?? {};
    expect({ status, reason }).toEqual({ status: 'disabled', reason: 'Switched off.' });
    expect(await connectionHistory.list(connection.id, 10)).toEqual([]);
  });

  it('stays off when its user removes the app there, and nobody is told that it broke', async () => {
    const provider = createMadeUpProvider();
    const channels = [{ name: 'webhook' as const, send: async () => {} }];
    const context = { ...createContext(database, { providers: [provider] }), channels };
    const { connections } = context;
    const { id } = await createConnection(context, provider);
    const named = { provider_user_id: 'user', provider_account_id: 'account' };
    await connections.update(id, { ...named, status: 'disabled', reason: 'Switched off.' });
    const user = { provider: provider.id, clientId: 'id', userId: 'user', accountId: 'account' };
    await forgetUser(context, user, Date.now());
    const { status, reason, provider_user_id: left } = (await connections.find(id)) ?? {};
    expect({ status, reason, left }).toEqual({
      status: 'disabled',
      reason: 'Switched off.',
      left: null,
    });
    const notices = database.kysely.selectFrom('connection_notices').selectAll();
    expect(await notices.execute()).toEqual([]);
  });
});
