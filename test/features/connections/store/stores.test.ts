import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SHOPKEEPER } from '../../../../server/features/connections/store/connection-history.ts';
import { isUniqueViolation } from '../../../../server/features/connections/store/schema.ts';
import type { Database } from '../../../../server/store/engines/database.ts';
import { createClock, type Clock } from '../../../support/clock.ts';
import { engines, openTestDatabase } from '../../../support/store/engines.ts';
import { readWholeDatabase } from '../../../support/store/read-whole-database.ts';
import { createContext } from '../support/create-context.ts';
import {
  type Connection,
  type OAuthClient,
  connectionOwner,
  oauthClientOwner,
} from '../../../../server/features/connections/store/schema.ts';

describe.each(engines)('the stores of connections on %s', (engine) => {
  let database: Database;
  let clock: Clock;
  let stores: ReturnType<typeof createContext>;
  let installationId: string;
  let client: OAuthClient;

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(async () => {
    clock = createClock();
    stores = createContext(database, { now: clock.now });
    installationId = randomUUID();
    await stores.installations.create(installationId, 'Acme');
    client = await createClient();
  });
  afterAll(() => database.close());

  async function createClient(): Promise<OAuthClient> {
    const row = { installation_id: installationId, provider: 'zoom', name: 'App' };
    const created = await stores.oauthClients.create({
      id: randomUUID(),
      client_id: 'client',
      ...row,
    });
    await stores.secrets.put(oauthClientOwner(created.id), 'client_secret', 'secret');
    return created;
  }

  async function createConnection(changes: Partial<Connection> = {}): Promise<Connection> {
    const connection = await stores.connections.create({
      id: randomUUID(),
      installation_id: installationId,
      provider: 'zoom',
      name: `Connection ${randomUUID()}`,
      auth_type: 'oauth2',
      oauth_client_id: client.id,
      account_id: null,
      client_id: null,
      host_user: null,
      status: 'connected',
      reason: null,
      ...changes,
    });
    const owner = connectionOwner(connection.id);
    await stores.secrets.put(owner, 'refresh_token', 'token');
    await stores.connectionHistory.add(connection.id, { actor: SHOPKEEPER, text: 'Created.' });
    return connection;
  }

  it('leave nothing when the installation is removed', async () => {
    const connection = await createConnection();
    await stores.installations.remove(installationId, { kind: 'removed', text: 'Removed.' });
    const stored = JSON.stringify(await readWholeDatabase(database));
    for (const id of [installationId, client.id, connection.id]) expect(stored).not.toContain(id);
  });

  it('delete a connection with its secrets and its history, and nothing of another', async () => {
    const [gone, kept] = [await createConnection(), await createConnection()];
    expect(await stores.connections.remove(gone.id)).toBe(true);
    expect(await stores.connections.remove(gone.id)).toBe(false);
    expect(JSON.stringify(await readWholeDatabase(database))).not.toContain(gone.id);
    expect(await stores.secrets.getAll(connectionOwner(kept.id))).toEqual({
      refresh_token: 'token',
    });
    expect(await stores.connectionHistory.list(kept.id, 5)).toHaveLength(1);
  });

  it('keep no secret of a connection or an OAuth client that is gone', async () => {
    for (const owner of [connectionOwner(randomUUID()), oauthClientOwner(randomUUID())])
      await expect(stores.secrets.put(owner, 'token', 'late')).rejects.toThrow(/foreign key/i);
  });

  it('delete an OAuth client with its secret, but not while a connection uses it', async () => {
    const connection = await createConnection();
    expect(await stores.oauthClients.remove(client)).toBe(false);
    expect(await stores.oauthClients.find(installationId, client.id)).toBeDefined();
    expect((await stores.oauthClients.listUsers(client)).map(({ id }) => id)).toEqual([
      connection.id,
    ]);
    await stores.connections.remove(connection.id);
    expect(await stores.oauthClients.remove(client)).toBe(true);
    expect(await stores.secrets.getAll(oauthClientOwner(client.id))).toEqual({});
  });

  it('find an OAuth client in its own installation only', async () => {
    expect(await stores.oauthClients.find(randomUUID(), client.id)).toBeUndefined();
  });

  it('have each name once in an installation, and again in another', async () => {
    await createConnection({ name: 'Sales' });
    const again = await createConnection({ name: 'Sales' }).catch((error: unknown) => error);
    expect(isUniqueViolation(again)).toBe(true);
    installationId = randomUUID();
    await stores.installations.create(installationId, 'Bloom');
    await createConnection({ name: 'Sales' });
    expect(isUniqueViolation(new Error('something else'))).toBe(false);
  });

  it('find all connections of one user by the client, also without an account id', async () => {
    const user = { provider_user_id: randomUUID(), provider_account_id: null };
    const connection = await createConnection();
    await stores.connections.update(connection.id, user);
    const asked = { provider: 'zoom', clientId: 'client', userId: user.provider_user_id };
    const find = async (changes: object) => {
      const found = await stores.connections.listOfUser({ ...asked, accountId: null, ...changes });
      return found.map(({ id }) => id);
    };
    expect(await find({})).toEqual([connection.id]);
    const others = [{ clientId: 'x' }, { provider: 'x' }, { userId: 'x' }, { accountId: 'x' }];
    for (const other of others) expect(await find(other)).toEqual([]);
  });

  it('give a due check to one of many who ask, and again only after a while', async () => {
    const due = await createConnection();
    const later = await createConnection();
    await stores.connections.update(due.id, { check_at: clock.now() });
    await stores.connections.update(later.id, { check_at: clock.now() + 1 });
    const claim = () => stores.connections.claimDue({ againMs: 1_000, limit: 10 });
    const claims = await Promise.all([claim(), claim(), claim()]);
    expect(claims.flat().map(({ id }) => id)).toEqual([due.id]);
    clock.advance(999);
    expect((await claim()).map(({ id }) => id)).toEqual([later.id]);
    clock.advance(1);
    expect((await claim()).map(({ id }) => id)).toEqual([due.id]);
  });

  it('tell the history newest first, with what was changed', async () => {
    const { id } = await createConnection();
    clock.advance(5);
    const changes = [{ field: 'Name', from: 'A', to: null }];
    await stores.connectionHistory.add(id, { actor: 'owner', text: 'Edited.', changes });
    expect(await stores.connectionHistory.list(id, 1)).toEqual([
      { actor: 'owner', text: 'Edited.', changes, at: clock.now() },
    ]);
    expect(await stores.connectionHistory.list(id, 9)).toHaveLength(2);
  });

  it('write no history of a connection that is gone', async () => {
    const { id } = await createConnection();
    await stores.connections.remove(id);
    await stores.connectionHistory.add(id, { actor: SHOPKEEPER, text: 'Too late.' });
    expect(await stores.connectionHistory.list(id, 9)).toEqual([]);
  });

  it('say whether there was a connection to update', async () => {
    const { id } = await createConnection();
    expect(await stores.connections.update(id, { reason: 'why' })).toBe(true);
    expect(await stores.connections.update(randomUUID(), { reason: 'why' })).toBe(false);
  });
});
