import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { findKeyProblems } from '../../../../server/commands/doctor/key-use.ts';
import {
  connectionOwner,
  oauthClientOwner,
  secretOwners,
} from '../../../../server/features/connections/store/schema.ts';
import { createConnectionStores } from '../../../../server/features/connections/context.ts';
import { createStores } from '../../../../server/store/create-stores.ts';
import { engines, openTestDatabase } from '../../../support/store/engines.ts';

it.each(engines)(
  'the operator learns by name on %s whose secrets need a lost key',
  async (engine) => {
    const database = await openTestDatabase(engine);
    const open = (keyId: string) => {
      const keys = [{ id: keyId, key: randomBytes(32) }];
      return createStores({ database, keys, now: Date.now });
    };
    const { installations, secrets } = open('lost');
    const stores = createConnectionStores({ database, now: Date.now });
    await installations.create('acme', 'Acme Outdoor');
    const base = { installation_id: 'acme', provider: 'zoom', client_id: 'abc' };
    const client = await stores.oauthClients.create({ ...base, id: randomUUID(), name: 'Our app' });
    const { id } = await stores.connections.create({
      ...base,
      id: randomUUID(),
      name: 'Meetings',
      auth_type: 'custom',
      oauth_client_id: null,
      account_id: null,
      host_user: null,
      status: 'connected',
      reason: null,
    });
    for (const owner of [oauthClientOwner(client.id), connectionOwner(id)])
      await secrets.put(owner, 'secret', 'value');

    const account = 'the account “Acme Outdoor” (installation acme)';
    expect(await findKeyProblems({ database, secretOwners, ...open('other') })).toEqual([
      expect.objectContaining({
        secrets: 2,
        owners: [
          `the connection “Meetings” of ${account}`,
          `the OAuth client “Our app” of ${account}`,
        ],
      }),
    ]);
    await database.close();
  },
);
