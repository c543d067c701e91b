import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  getAccess,
  NotAuthorizedError,
} from '../../../../server/features/connections/tokens/access.ts';
import type { ConnectionsContext } from '../../../../server/features/connections/context.ts';
import {
  connectionOwner,
  type Connection,
} from '../../../../server/features/connections/store/schema.ts';
import type { Tokens } from '../../../../server/features/connections/provider.ts';
import { keepTokens } from '../../../../server/features/connections/tokens/tokens.ts';
import { createObserve, type Observe } from '../../../../server/observe.ts';
import { RemoteError } from '../../../../server/remote-error.ts';
import type { Database } from '../../../../server/store/engines/database.ts';
import { engines, openTestDatabase } from '../../../support/store/engines.ts';
import { createConnection } from '../support/create-connection.ts';
import { createContext } from '../support/create-context.ts';
import { createMadeUpProvider } from '../support/made-up-provider.ts';

const HOUR_MS = 60 * 60_000;
const REFUSED = new RemoteError('Token', { status: 400, code: 'invalid_grant' });

describe.each(engines)('getAccess on %s', (engine) => {
  let database: Database;
  let context: ConnectionsContext;
  let connection: Connection;
  let provider: ReturnType<typeof createMadeUpProvider>;
  const countRefresh = vi.fn<Observe['occur']>();

  beforeAll(async () => {
    database = await openTestDatabase(engine);
  });
  beforeEach(async () => {
    provider = createMadeUpProvider();
    countRefresh.mockClear();
    context = open();
    connection = await createConnection(context, provider);
  });
  afterAll(() => database.close());

  /** As an instance of its own would have it. */
  const open = (changes: Partial<ConnectionsContext> = {}) => {
    const observe = { ...createObserve(), occur: countRefresh };
    return createContext(database, { providers: [provider], observe, ...changes });
  };
  const keep = (tokens: Tokens, at = context) => keepTokens(at, connection.id, tokens);
  const readTokens = () => context.secrets.getAll(connectionOwner(connection.id));

  it('keeps the scopes of before when the answer to a renewal leaves them out, and takes those it has', async () => {
    const hour = { refreshToken: 'r', expiresInMs: HOUR_MS } as const;
    await keepTokens(context, connection.id, { accessToken: 'a', scopes: ['old'], ...hour });
    const readScopes = async () => (await context.connections.find(connection.id))?.scopes;
    provider.refresh.mockResolvedValueOnce({ accessToken: 'b', ...hour });
    await getAccess(context, connection, 'a');
    expect(await readScopes()).toBe('old');
    provider.refresh.mockResolvedValueOnce({ accessToken: 'c', scopes: ['new', 'more'], ...hour });
    await getAccess(context, connection, 'b');
    expect(await readScopes()).toBe('new more');
  });

  it('refreshes once for all who ask at the same time', async () => {
    await keep({ accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    const all = await Promise.all(Array.from({ length: 20 }, () => getAccess(context, connection)));
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
    await keep({ accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    await getAccess(context, connection);
    expect(await readTokens()).toEqual({
      access_token: 'made-up-access-2',
      refresh_token: 'r1',
    });
  });

  it('uses what somebody else stored meanwhile when its own refresh token is refused', async () => {
    await keep({ accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    provider.refresh.mockImplementation(async () => {
      const theirs = { accessToken: 'a2', refreshToken: 'r2', expiresInMs: HOUR_MS };
      await keep(theirs);
      throw REFUSED;
    });
    expect(await getAccess(context, connection)).toMatchObject({ accessToken: 'a2' });
    expect(await readTokens()).toEqual({ access_token: 'a2', refresh_token: 'r2' });
  });

  it('forgets tokens that are dead, and does not ask again', async () => {
    await keep({ accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    provider.refresh.mockRejectedValue(REFUSED);
    await expect(getAccess(context, connection)).rejects.toBe(REFUSED);
    expect(await readTokens()).toEqual({});
    await expect(getAccess(context, connection)).rejects.toThrow(NotAuthorizedError);
    expect(countRefresh).toHaveBeenCalledExactlyOnceWith('token-refreshed', {
      service: provider.id,
      result: 'dead',
    });
    expect(provider.refresh).toHaveBeenCalledTimes(1);
  });

  it('says that it is being renewed when another instance takes too long', async () => {
    await keep({ accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    const { locks } = context;
    const busy = open({
      locks: {
        ...locks,
        withLock: (name, times, work) => locks.withLock(name, { ...times, waitMs: 0 }, work),
      },
    });
    provider.refresh.mockImplementation(async () => {
      await expect(getAccess(busy, connection)).rejects.toThrow('it is being renewed');
      return { accessToken: 'a2' };
    });
    expect(await getAccess(context, connection)).toMatchObject({ accessToken: 'a2' });
  });

  it('keeps what it has renewed although the database is away for a moment', async () => {
    await keep({ accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    provider.refresh.mockResolvedValueOnce({ accessToken: 'a2', refreshToken: 'r2' });
    const { secrets } = context;
    const put = vi.fn<typeof secrets.put>(secrets.put);
    put.mockRejectedValueOnce(new Error('The database is gone.'));
    const access = await getAccess(open({ secrets: { ...secrets, put } }), connection);
    expect(access).toMatchObject({ accessToken: 'a2' });
    expect(await readTokens()).toEqual({ access_token: 'a2', refresh_token: 'r2' });
    expect(provider.refresh).toHaveBeenCalledTimes(1);
  });

  it('does not wait for a connection that was deleted while it was renewed', async () => {
    await keep({ accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 });
    provider.refresh.mockImplementationOnce(async () => {
      await context.connections.remove(connection.id);
      return { accessToken: 'a2', refreshToken: 'r2' };
    });
    const startedAt = performance.now();
    await expect(getAccess(context, connection)).rejects.toThrow(/foreign key/i);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('stores the newest refresh token before the access token that came with it', async () => {
    const put: string[] = [];
    const { secrets } = context;
    const failing: typeof secrets = {
      ...secrets,
      async put(owner, field, value) {
        put.push(field);
        if (field === 'access_token') throw new Error('The power went out.');
        await secrets.put(owner, field, value);
      },
    };
    const tokens = { accessToken: 'a1', refreshToken: 'r1' };
    await expect(keep(tokens, open({ secrets: failing }))).rejects.toThrow('power');
    expect(put).toEqual(['refresh_token', 'access_token']);
    expect(await readTokens()).toEqual({ refresh_token: 'r1' });
  });
});
