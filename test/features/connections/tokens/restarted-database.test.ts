import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getAccess } from '../../../../server/features/connections/tokens/access.ts';
import { keepTokens } from '../../../../server/features/connections/tokens/tokens.ts';
import { connectionOwner } from '../../../../server/features/connections/store/schema.ts';
import { features } from '../../../../server/features.ts';
import { migrate } from '../../../../server/store/migrate.ts';
import { openDatabase, postgresIsAvailable } from '../../../support/store/engines.ts';
import {
  findPostgresBinaries,
  startPostgres,
  type PostgresCluster,
} from '../../../support/store/postgres.ts';
import { createConnection } from '../support/create-connection.ts';
import { createContext } from '../support/create-context.ts';
import { createMadeUpProvider } from '../support/made-up-provider.ts';

describe.runIf(postgresIsAvailable)('a token that is renewed', { timeout: 60_000 }, () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    const binaries = await findPostgresBinaries();
    if (binaries === undefined) throw new Error('This test needs a PostgreSQL of its own.');
    cluster = await startPostgres(binaries, { durable: true });
  });
  afterAll(() => cluster.stop());

  it('while PostgreSQL restarts is kept: the one before is dead', async () => {
    const databaseUrl = await cluster.createDatabase('shop');
    const database = await openDatabase({ databaseUrl, dataDir: '' });
    await migrate(database, features);
    const provider = createMadeUpProvider();
    const context = createContext(database, { providers: [provider] });
    const connection = await createConnection(context, provider);
    const old = { accessToken: 'a1', refreshToken: 'r1', expiresInMs: 1 };
    await keepTokens(context, connection.id, old);
    let restarted: Promise<void> | undefined;
    provider.refresh.mockImplementationOnce(async () => {
      await cluster.pause('immediate');
      restarted = sleep(2_000).then(() => cluster.start());
      return { accessToken: 'a2', refreshToken: 'r2' };
    });

    const [renewed] = await Promise.allSettled([getAccess(context, connection)]);
    await restarted;
    expect(renewed).toMatchObject({ status: 'fulfilled', value: { accessToken: 'a2' } });
    const tokens = await context.secrets.getAll(connectionOwner(connection.id));
    expect(tokens).toEqual({ access_token: 'a2', refresh_token: 'r2' });
    await database.close();
  });
});
