import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFindClient } from '../../../server/features/connections/find-client.ts';
import { createFindProvider } from '../../../server/features/connections/find-provider.ts';
import {
  createGetAccess,
  NotAuthorizedError,
} from '../../../server/features/connections/get-access.ts';
import {
  createForgetTokens,
  createKeepTokens,
} from '../../../server/features/connections/keep-tokens.ts';
import { createOAuthClients } from '../../../server/features/connections/keep-oauth-clients.ts';
import type { Observe } from '../../../server/observe.ts';
import { RemoteError } from '../../../server/remote-error.ts';
import { connections } from '../../../server/features/connections/index.ts';
import { createStores } from '../../../server/store/create-stores.ts';
import type { Database } from '../../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../../support/engines.ts';
import { createMadeUpProvider } from './support/made-up-provider.ts';
import {
  createConnectionStores,
  type ConnectionStores,
} from '../../../server/features/connections/store/stores.ts';
import {
  type Connection,
  connectionOwner,
} from '../../../server/features/connections/store/schema.ts';

const HOUR_MS = 60 * 60_000;
const REFUSED = new RemoteError('Token', { status: 400, code: 'invalid_grant' });

describe.each(engines)('getAccess on %s', (engine) => {
  let database: Database;
  let stores: ConnectionStores;
  let connection: Connection;
  let provider: ReturnType<typeof createMadeUpProvider>;
  const countRefresh = vi.fn<Observe['occur']>();

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const keys = [{ id: 'k', key: Buffer.alloc(32, 1) }];
    stores = {
      ...createStores({ database, keys, features: [connections], now: Date.now }),
      ...createConnectionStores({ database, now: Date.now }),
    };
  });
  beforeEach(async () => {
    provider = createMadeUpProvider();
    countRefresh.mockClear();
    connection = await createConnection();
  });
  afterAll(() => database.close());

  async function createConnection(): Promise<Connection> {
    const installation = await stores.installations.create(randomUUID(), 'Acme');
    const clients = createOAuthClients({ ...stores, now: Date.now });
    const input = { name: 'Client', clientId: 'id', clientSecret: 'secret' };
    const client = await clients.create(installation, provider.id, input);
    return stores.connections.create({
      id: randomUUID(),
      installation_id: installation.id,
      provider: provider.id,
      name: 'Orders',
      auth_type: 'oauth2',
      oauth_client_id: client.id,
      account_id: null,
      client_id: null,
      host_user: null,
      status: 'connected',
      reason: null,
    });
  }

  function createParts(now = Date.now) {
    const parts = { ...stores, now };
    const keepTokens = createKeepTokens(parts);
    const getAccess = createGetAccess({
      ...parts,
      findProvider: createFindProvider([provider]),
      findClient: createFindClient(stores),
      keepTokens,
      forgetTokens: createForgetTokens(stores),
      observe: { occur: countRefresh },
    });
    return { keepTokens, getAccess };
  }
  const readTokens = () => stores.secrets.getAll(connectionOwner(connection.id));

  it('refreshes once for all who ask at the same time', async () => {
    const { keepTokens, getAccess } = createParts();
    await keepTokens(connection.id, { accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    const all = await Promise.all(Array.from({ length: 20 }, () => getAccess(connection)));
    expect(new Set(all.map(({ accessToken }) => accessToken))).toEqual(
      new Set(['made-up-access-2']),
    );
    expect(provider.refresh).toHaveBeenCalledExactlyOnceWith(
      { clientId: 'id', clientSecret: 'secret' },
      'r1',
    );
    expect(countRefresh).toHaveBeenCalledExactlyOnceWith('token-refreshed', {
      service: provider.id,
      result: 'renewed',
    });
  });

  it('keeps a refresh token that is not replaced', async () => {
    const { keepTokens, getAccess } = createParts();
    await keepTokens(connection.id, { accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    await getAccess(connection);
    expect(await readTokens()).toEqual({
      access_token: 'made-up-access-2',
      refresh_token: 'r1',
    });
  });

  it('uses what somebody else stored meanwhile when its own refresh token is refused', async () => {
    const { keepTokens, getAccess } = createParts();
    await keepTokens(connection.id, { accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    provider.refresh.mockImplementation(async () => {
      const theirs = { accessToken: 'a2', refreshToken: 'r2', expiresInMs: HOUR_MS };
      await keepTokens(connection.id, theirs);
      throw REFUSED;
    });
    expect(await getAccess(connection)).toMatchObject({ accessToken: 'a2' });
    expect(await readTokens()).toEqual({ access_token: 'a2', refresh_token: 'r2' });
  });

  it('forgets tokens that are dead, and does not ask again', async () => {
    const { keepTokens, getAccess } = createParts();
    await keepTokens(connection.id, { accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    provider.refresh.mockRejectedValue(REFUSED);
    await expect(getAccess(connection)).rejects.toBe(REFUSED);
    expect(await readTokens()).toEqual({});
    await expect(getAccess(connection)).rejects.toThrow(NotAuthorizedError);
    expect(countRefresh).toHaveBeenCalledExactlyOnceWith('token-refreshed', {
      service: provider.id,
      result: 'dead',
    });
    expect(provider.refresh).toHaveBeenCalledTimes(1);
  });

  it('says that it is being renewed when another instance takes too long', async () => {
    const { keepTokens, getAccess } = createParts();
    await keepTokens(connection.id, { accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    const busy = createGetAccess({
      ...stores,
      findProvider: createFindProvider([provider]),
      findClient: createFindClient(stores),
      keepTokens,
      forgetTokens: createForgetTokens(stores),
      observe: { occur: countRefresh },
      locks: {
        ...stores.locks,
        withLock: (name, times, work) => stores.locks.withLock(name, { ...times, waitMs: 0 }, work),
      },
      now: Date.now,
    });
    provider.refresh.mockImplementation(async () => {
      await expect(busy(connection)).rejects.toThrow('it is being renewed');
      return { accessToken: 'a2' };
    });
    expect(await getAccess(connection)).toMatchObject({ accessToken: 'a2' });
  });

  it('stores the newest refresh token before the access token that came with it', async () => {
    const put: string[] = [];
    const keepTokens = createKeepTokens({
      ...stores,
      secrets: {
        ...stores.secrets,
        async put(owner, field, value) {
          put.push(field);
          if (field === 'access_token') throw new Error('The power went out.');
          await stores.secrets.put(owner, field, value);
        },
      },
      now: Date.now,
    });
    const tokens = { accessToken: 'a1', refreshToken: 'r1' };
    await expect(keepTokens(connection.id, tokens)).rejects.toThrow('power');
    expect(put).toEqual(['refresh_token', 'access_token']);
    expect(await readTokens()).toEqual({ refresh_token: 'r1' });
  });
});
