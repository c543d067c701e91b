import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createForgetUser } from '../../../server/features/connections/forget-user.ts';
import { createForgetTokens } from '../../../server/features/connections/keep-tokens.ts';
import { connections } from '../../../server/features/connections/index.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../../support/engines.ts';
import {
  createConnectionStores,
  type ConnectionStores,
} from '../../../server/features/connections/store/stores.ts';

const USER = { provider: 'zoom', clientId: 'client', userId: 'user', accountId: 'account' };

describe.each(engines)('forgetting a provider’s user on %s', (engine) => {
  const installationId = randomUUID();
  const id = randomUUID();
  let database: Database;
  let stores: ConnectionStores;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const keys = [{ id: 'k', key: Buffer.alloc(32, 1) }];
    stores = {
      ...createStores({ database, keys, features: [connections], now: Date.now }),
      ...createConnectionStores({ database, now: Date.now }),
    };
    await stores.installations.create(installationId, 'Acme');
    const shared = { installation_id: installationId, provider: 'zoom', client_id: 'client' };
    const client = await stores.oauthClients.create({ ...shared, id: randomUUID(), name: 'App' });
    await stores.connections.create({
      ...shared,
      id,
      name: 'Sales',
      auth_type: 'oauth2',
      oauth_client_id: client.id,
      account_id: null,
      host_user: null,
      status: 'connected',
      reason: null,
    });
    await stores.connections.update(id, {
      provider_user_id: USER.userId,
      provider_account_id: USER.accountId,
    });
  });
  afterAll(() => database.close());

  it('passes over a connection that its owner deletes at the same moment', async () => {
    const forgetUser = createForgetUser({
      ...stores,
      history: stores.connectionHistory,
      forgetTokens: createForgetTokens(stores),
      locks: {
        ...stores.locks,
        async withLock(_name, _times, work) {
          await stores.connections.remove(id);
          return work();
        },
      },
    });

    await forgetUser(USER, Date.now());

    expect(await stores.connections.list(installationId)).toEqual([]);
    expect(await stores.activityLog.latest(installationId, 5)).toEqual([]);
  });
});
