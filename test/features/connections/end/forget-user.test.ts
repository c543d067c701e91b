import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetUser } from '../../../../server/features/connections/end/end.ts';
import type { Database } from '../../../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../../../support/store/engines.ts';
import { createContext } from '../support/create-context.ts';
import { createNotes } from '../../../support/notes.ts';

const USER = { provider: 'zoom', clientId: 'client', userId: 'user', accountId: 'account' };

describe.each(engines)('forgetting a provider’s user on %s', (engine) => {
  const installationId = randomUUID();
  const id = randomUUID();
  let database: Database;
  let context: ReturnType<typeof createContext>;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    context = createContext(database);
    await context.installations.create(installationId, 'Acme');
    const shared = { installation_id: installationId, provider: 'zoom', client_id: 'client' };
    const client = await context.oauthClients.create({ ...shared, id: randomUUID(), name: 'App' });
    await context.connections.create({
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
    await context.connections.update(id, {
      provider_user_id: USER.userId,
      provider_account_id: USER.accountId,
    });
  });
  afterAll(() => database.close());

  it('passes over a connection that its owner deletes at the same moment', async () => {
    const locks: typeof context.locks = {
      ...context.locks,
      async withLock(_name, _times, work) {
        await context.connections.remove(id);
        return work();
      },
    };

    const notes = createNotes();
    context.observe.add(notes.observer);
    await forgetUser({ ...context, locks }, USER, Date.now());

    expect(await context.connections.list(installationId)).toEqual([]);
    expect(notes.latest(installationId, 5)).toEqual([]);
  });
});
